-- What a person does in Neovim, from the first diagnostic to an edit that is refused because the
-- text has moved on. Run by neovim.test.ts: `python`, `tojax` and `folder` come in the environment.

local folder = os.getenv("TOJAX_FOLDER")
local wait_ms = tonumber(os.getenv("TOJAX_PATIENCE"))

local function check(holds, what)
  if not holds then
    error(what, 2)
  end
end

local function eventually(what, condition)
  check(vim.wait(wait_ms, condition, 50), "waited in vain for " .. what)
end

local function lines()
  return vim.api.nvim_buf_get_lines(0, 0, -1, false)
end

local function text()
  return table.concat(lines(), "\n")
end

-- Neovim 0.7 answers no questions about settings; it sends them, as its set-up tells it to.
local settings = { tojax = { output = "inPlace", verify = { automatic = false } } }

local client_id = vim.lsp.start_client({
  name = "tojax",
  cmd = { os.getenv("TOJAX_PYTHON"), "-m", "tojax", "serve" },
  root_dir = folder,
  on_init = function(ready)
    ready.notify("workspace/didChangeConfiguration", { settings = settings })
  end,
})
check(client_id, "the server does not start")
local client

local function open(name)
  vim.cmd("edit " .. folder .. "/" .. name)
  vim.lsp.buf_attach_client(0, client_id)
  eventually("the server", function()
    client = vim.lsp.get_client_by_id(client_id)
    return client and client.initialized
  end)
end

local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params, wait_ms)
  check(answers and answers[client_id], method .. " is not answered")
  check(not answers[client_id].err, vim.inspect(answers[client_id].err))
  return answers[client_id].result
end

local function put_cursor_on(word)
  vim.fn.cursor(1, 1)
  check(vim.fn.search(word, "cW") > 0, word .. " is not in the buffer")
end

local function action(title)
  local params = vim.lsp.util.make_range_params()
  params.context = { diagnostics = {} }
  for _, item in ipairs(ask("textDocument/codeAction", params)) do
    if item.title == title then
      return ask("codeAction/resolve", item)
    end
  end
  error("no action " .. title)
end

local function apply(edit)
  vim.lsp.util.apply_workspace_edit(edit, client.offset_encoding)
end

-- Diagnostics, where they belong behind a character of two UTF-16 units.
open("model.py")
eventually("two diagnostics", function()
  return #vim.diagnostic.get(0) == 2
end)
local found = {}
for _, item in ipairs(vim.diagnostic.get(0)) do
  local line = lines()[item.lnum + 1]
  found[item.code] = line:sub(item.col + 1, item.end_col)
end
check(found.TJ131 == "F.gelu(self.hidden(x))", "TJ131 is at " .. tostring(found.TJ131))
check(found.TJ102 == "scores[:, 0]" or found.TJ101 == "scores[:, 0]", vim.inspect(found))

-- Hover.
put_cursor_on("gelu")
local hover = ask("textDocument/hover", vim.lsp.util.make_position_params())
check(hover.contents.value:find("approximate=False", 1, true), "the hover does not explain")

-- A code action whose edit is applied, and undone exactly.
local before = text()
local chosen = action("Translate Net to JAX")
apply(chosen.edit)
check(text():find("class Net(nnx.Module):", 1, true), "not translated:\n" .. text())
check(text():find('"😀", jax.nn.gelu(self.hidden(x), approximate=False)', 1, true), text())
vim.cmd("undo")
check(text() == before, "undo does not restore")

-- An edit made for an older text is not applied.
local stale = action("Translate Net to JAX")
vim.api.nvim_buf_set_lines(0, 0, 0, false, { "# A new first line." })
local newer = text()
pcall(apply, stale.edit)
check(text() == newer, "an edit for an older text was applied")

-- After a rename, everything is about the new name, and edits go there.
vim.cmd("silent write")
local old = vim.api.nvim_get_current_buf()
vim.fn.rename(folder .. "/model.py", folder .. "/renamed.py")
open("renamed.py")
vim.cmd("bwipeout! " .. old)
eventually("the diagnostics of the new name", function()
  return #vim.diagnostic.get(0) == 2
end)
put_cursor_on("gelu")
local moved = action("Translate Net to JAX")
apply(moved.edit)
check(text():find("class Net(nnx.Module):", 1, true), "not translated after the rename")
check(text():find("# A new first line.", 1, true), "the first line is lost")
vim.cmd("silent write")
check(vim.fn.filereadable(folder .. "/model.py") == 0, "the old name is back")

-- Goodbye: the server ends by itself.
vim.lsp.stop_client(client_id)
eventually("the server's end", function()
  return vim.lsp.get_client_by_id(client_id) == nil
end)
