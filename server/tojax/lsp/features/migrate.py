"""`tojax.translateWorkspace`: the same as `tojax migrate`, in a worker process."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pygls.uris import to_fs_path

from tojax.lsp.failures import Failure, invalid
from tojax.lsp.verdicts import UNTRUSTED
from tojax.lsp.workers import WorkerDied

if TYPE_CHECKING:
    from tojax.lsp.commands import Call
    from tojax.lsp.server import TojaxServer

MIGRATE, MIGRATION = "tojax.translateWorkspace", "tojax/migration"


def register(server: TojaxServer) -> None:
    """Wire the batch command."""

    @server.command(MIGRATE)
    async def migrate(call: Call) -> dict[str, Any]:
        folder = call.text("folder")
        source = _folder(folder)
        out = call.text("out") if call.arguments.get("out") is not None else None
        destination = _folder(out) if out else source.with_name(f"{source.name}_jax")
        params = {
            "folder": str(source),
            "out": str(destination),
            "init": server.settings(folder).init,
            "verify": server.trusted,
            "device": server.settings(folder).verify_device,
        }
        if not server.trusted:
            server.tell(f"Translated without verification: {UNTRUSTED}")
        states: dict[str, dict[str, Any]] = {}

        def tell(done: bool = False) -> None:
            files = list(states.values())
            server.protocol.notify(MIGRATION, {"folder": folder, "files": files, "done": done})

        async with server.jobs.run(f"tojax: translating {source.name}", call.token) as job:

            def advance(progress: dict[str, Any]) -> None:
                for path in progress.get("files", ()):
                    states[path] = {"path": path, "status": "waiting"}
                if "path" in progress:
                    path, done, total = progress["path"], progress["done"], progress["total"]
                    states[path] = {"path": path, "status": "checked"}
                    job.report(f"verified {path}", round(100 * done / total))
                else:
                    job.report("translating", 0)
                tell()

            try:
                migration: dict[str, Any] = await server.workers.migrate.call(
                    "migrate", params, advance
                )
            except WorkerDied as error:
                tell(done=True)
                raise Failure(str(error)) from None
            except BaseException:
                tell(done=True)
                raise
        states.clear()
        for file in migration["files"]:
            if file["path"].endswith(".py") or file["state"] == "failed":
                states[file["path"]] = _state(file)
        tell(done=True)
        return migration


def _folder(given: str) -> Path:
    path = to_fs_path(given) if "://" in given else given
    if path is None or not Path(path).is_absolute():
        raise invalid(f"{given} is no folder on this machine")
    return Path(path)


def _state(file: dict[str, Any]) -> dict[str, Any]:
    """What is told of a file: its state, and its weakest verdict if it has any."""
    state = {"path": file["path"], "status": file["state"]}
    order = ("error", "differs", "unverified", "verified")
    if file["verdicts"]:
        state["verdict"] = min(
            file["verdicts"], key=lambda v: (order.index(v["status"]), -len(v["unreached"]))
        )
    return state
