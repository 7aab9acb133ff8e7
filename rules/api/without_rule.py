"""What to do about PyTorch's names that have no rule.

Each piece of advice, and the names that it is for: "*" stands for any text, and where several
patterns match a name the longest counts. A translation leaves the advice where a name is used:
"TODO(tojax): TJ201 torch.jit.script: jax.jit compiles ...".
"""

TORCH_ADVICE = {
    "JAX has no quantised layers; see qwix (google/qwix) or keep float weights": """
        torch.quantization.* torch.ao.quantization.* torch.ao.nn.* torch.nn.quantized.* torch.q_*
        torch.int_repr torch.fused_moving_avg_obs_fake_quant torch.choose_qparams_optimized
        torch.fbgemm_* torch.qscheme torch.per_channel_* torch.per_tensor_* torch.q[iu]int*
        torch.Tensor.q_* torch.Tensor.qscheme torch.Tensor.int_repr torch.Tensor.dequantize
        torch.dequantize torch.empty_quantized torch.fake_quantize_per_channel_affine
        torch.fake_quantize_per_tensor_affine torch.fbgemm_linear_quantize_weight
        torch.fbgemm_pack_quantized_matrix torch.quantize*
    """,
    "arrays are dense; jax.experimental.sparse has BCOO and BCSR, or mask a dense array": """
        torch.sparse.* torch.sparse_* torch.Tensor.*sparse* torch.Tensor.sparse_*
        torch.*_indices_copy torch.indices_copy torch.values_copy torch.Tensor.*_indices
        torch.Tensor.indices torch.Tensor.values torch.Tensor.coalesce torch.Tensor.is_coalesced
        torch.Tensor.dense_dim torch.Tensor.to_dense torch.dsmm torch.h*mm torch.saddmm torch.smm
        torch.spmm torch.sspaddmm torch.Tensor.smm torch.Tensor.sspaddmm torch.resize_as_sparse_
    """,
    "JAX has no nested tensors: pad to one length and mask": """
        torch.nested.* torch.Tensor.to_padded_tensor
    """,
    "JAX has no named dimensions; use positions, or einops": """
        torch.Tensor.*names* torch.Tensor.name torch.Tensor.align_* torch.Tensor.refine_names
        torch.align_tensors
    """,
    "jax.jit compiles plain Python functions; call the function itself and jit the step": """
        torch.jit.* torch.Script* torch.LiteScriptModule torch.CompilationUnit
        torch.import_ir_module* torch.GraphExecutorState torch.Graph
    """,
    "jax.export.export(jax.jit(f))(shapes) gives a portable program": """
        torch.jit.save torch.export.* torch.utils.mobile_optimizer.*
    """,
    "load the arrays instead, and build the model in Python": "torch.jit.load",
    "jax2onnx or jax2tf with tf2onnx write ONNX files": "torch.onnx.*",
    "JAX traces functions: look at jax.make_jaxpr(f)(x), or transform by an interpreter of it": """
        torch.fx.*
    """,
    "JAX has no packages of code and arrays; save arrays by orbax.checkpoint": "torch.package.*",
    "download the file and read its arrays; the model itself is Python code": "torch.hub.*",
    "download the file and read its arrays": "torch.utils.model_zoo.*",
    "a setting of torch.compile; jax.jit has none of its kind, leave it out": """
        torch.compiler.* torch._dynamo.* torch._inductor.*
    """,
    "define custom operators by jax.custom_vjp, jax.pure_callback or jax.ffi": "torch.library.*",
    "JAX has no dispatch on array subclasses; register a pytree or write a plain function": """
        torch.overrides.* torch.nn.functional.*torch_function* torch.DisableTorchFunction*
        torch.Tensor.as_subclass
    """,
    "bind C++ or CUDA code by jax.ffi, or write the kernel in Pallas": """
        torch.utils.cpp_extension.* torch.cuda.jiterator.*
    """,
    "ask jax.devices() and the attributes of jax.Device": "torch.cuda.* torch.get_device*",
    "XLA manages device memory; see jax.Device.memory_stats() and jax.profiler": """
        torch.cuda.*[mM]em* torch.cuda.*alloc* torch.xpu.*[mM]em* torch.accelerator.*memory*
    """,
    "JAX orders and overlaps work on the device itself; leave streams and events out": """
        torch.cuda.*stream* torch.cuda.*Stream* torch.cuda.*Event torch.xpu.*stream*
        torch.xpu.*Stream* torch.cpu.*[sS]tream* torch.accelerator.*stream* torch.Stream torch.Event
        torch.Tensor.record_stream
    """,
    "jax.jit captures the whole step already; call the jitted function": """
        torch.cuda.*graph* torch.cuda.CUDAGraph torch.accelerator.Graph
    """,
    "keys are values in JAX: nnx.Rngs(seed) or jax.random.key(seed); save and restore them": """
        torch.cuda.*rng_state* torch.cuda.*seed* torch.cuda.default_generators torch.xpu.*seed*
        torch.xpu.*rng_state* torch.default_generator torch.thread_safe_generator
        torch.get_rng_state torch.set_rng_state torch.fork_rng torch.seed torch.initial_seed
    """,
    "arrays have no storage that can be reached; work on the array, or on numpy.asarray(x)": """
        torch.cuda.*Storage torch.storage.* torch.is_storage torch.Tensor.*storage*
        torch.Tensor.*data_ptr torch.Tensor.set_ torch.Tensor.is_set_to torch.BoolStorage
        torch.ByteStorage torch.CharStorage torch.DoubleStorage torch.FloatStorage torch.IntStorage
        torch.LongStorage torch.ShortStorage torch.TypedStorage torch.UntypedStorage
    """,
    "write the dtype: jnp.asarray(x, dtype)": "torch.cuda.*Tensor",
    "inside jax.shard_map use jax.lax.psum, all_gather, ppermute and the like": """
        torch.cuda.comm.* torch.distributed.all_* torch.distributed.*reduce*
        torch.distributed.*broadcast* torch.distributed.*gather* torch.distributed.*scatter*
        torch.distributed.*send* torch.distributed.*recv* torch.distributed.nn.*
    """,
    "use jax.profiler.trace(folder) and jax.profiler.TraceAnnotation(name)": """
        torch.cuda.nvtx.* torch.autograd.*[pP]rofile* torch.autograd.profiler.*
        torch.utils.bottleneck.* torch.profiler.*
    """,
    "XLA tunes kernels itself; leave it out": "torch.cuda.tunable.*",
    "JAX chooses the device itself; see jax.devices() and jax.device_put": """
        torch.xpu.* torch.mtia.* torch.mps.* torch.cpu.* torch.accelerator.* torch.Tensor.ipu
        torch.Tensor.mtia torch.Tensor.is_pinned torch.nn.Module.ipu torch.nn.Module.xpu
        torch.nn.Module.mtia torch.is_vulkan_available torch.has_*
        torch.npu torch.npu.* torch.mlu torch.mlu.* torch.musa torch.musa.* torch.hpu torch.hpu.*
    """,
    "a library behind PyTorch; XLA chooses its kernels itself, leave it out": "torch.backends.*",
    "JAX has no such kind of array; the test is always false": "torch.Tensor.is_[imv]*",
    "read data by grain or in Python threads; processes must be spawned before JAX starts": """
        torch.Tensor.is_shared torch.multiprocessing.*
    """,
    "nnx.eval_shape makes a module without its arrays": """
        torch.nn.Module.to_empty torch.nn.utils.skip_init
    """,
    "jax.grad follows everything; put jax.lax.stop_gradient around what is to be constant": """
        torch.no_grad torch.inference_mode torch.set_grad_enabled
    """,
    "look the function up in jax.nn, or in a table of the functions that are meant": """
        torch.nn.functional
    """,
    "map the operation over the list: [x + y for x, y in zip(xs, ys)], or jax.tree.map": """
        torch._foreach_*
    """,
    "XLA raises jax.errors.JaxRuntimeError": "torch.OutOfMemoryError torch.AcceleratorError",
    "the code follows one version of PyTorch; JAX's own is jax.__version__": "torch.__version__",
    "PyTorch's build; see jax.__version__ and jax.print_environment_info()": "torch.version.*",
    "one program sees all devices: shard arrays over a jax.sharding.Mesh, see shard_map": """
        torch.distributed.* torch.nn.SyncBatchNorm torch.nn.parallel.*
        torch.is_distributed torch.Tensor.is_distributed
    """,
    "jax.distributed.initialize() connects processes; jax.process_index() and process_count()": """
        torch.distributed.*init_process_group torch.distributed.destroy_process_group
        torch.distributed.get_rank torch.distributed.get_world_size torch.distributed.is_*
    """,
    "JAX waits where a value is used; see jax.block_until_ready": """
        torch.distributed.*barrier torch.wait
    """,
    "save sharded arrays by orbax.checkpoint": "torch.distributed.checkpoint.*",
    "JAX has no remote procedure calls; one program runs on all hosts": "torch.distributed.rpc.*",
    "write the stages as a jax.lax.scan under jax.shard_map": "torch.distributed.pipelining.*",
    "give each process its slice, by jax.process_index()": "torch.utils.data.*DistributedSampler",
    "JAX runs asynchronously already; use concurrent.futures for Python code": """
        torch.futures.* torch.Future
    """,
    "JAX runs asynchronously already; call the function": "torch.fork",
    "JAX keeps no graph on arrays; differentiate a function by jax.grad or jax.vjp": """
        torch.autograd.backward torch.autograd.graph.* torch.Tensor.grad_* torch.Tensor.is_leaf
        torch.Tensor.output_nr torch.Tensor.retains_grad torch.Tensor.volatile
        torch.Tensor.reinforce
    """,
    "jax.grad(f)(x) or jax.vjp(f, x) of the function that gives the result": "torch.autograd.grad",
    "jax.test_util.check_grads(f, (x,), order=1)": "torch.autograd.gradcheck",
    "jax.test_util.check_grads(f, (x,), order=2)": "torch.autograd.gradgradcheck",
    "jax.jvp(f, (x,), (tangent,)) gives the value and its derivative": """
        torch.autograd.forward_ad.*
    """,
    "jax.checkpoint with an offloading policy": "torch.autograd.graph.save_on_cpu",
    "jax.checkpoint says what the backward pass keeps": "torch.autograd.graph.saved_tensors_hooks",
    "an internal of PyTorch's that user code does not need; leave it out": """
        torch.autograd.NestedIOFunction torch.autograd.enforce_grad_layout_policy
        torch.optim.swap_in_optimizer_params_and_state torch.slice_inverse
        torch.Tensor.slice_inverse torch.Tensor.module_load torch.nn.Module.T_destination
        torch.nn.Module.call_super_init torch.nn.Module.dump_patches torch.utils.*privateuse1*
        torch.utils.get_cpp_backtrace torch.utils.set_module torch.AggregationType torch.AnyType
        torch.ArgumentSpec torch.AwaitType torch.BoolType torch.ClassType torch.CompleteArgumentSpec
        torch.ComplexType torch.ConcreteModuleType torch.DeserializationStorageContext
        torch.DeviceObjType torch.DictType torch.EnumType torch.FloatType torch.FutureType
        torch.InferredType torch.IntType torch.InterfaceType torch.ListType torch.LockingLogger
        torch.Node torch.NoneType torch.NoopLogger torch.NumberType torch.OptionalType
        torch.PyObjectType torch.RRefType torch.SerializationStorageContext torch.StreamObjType
        torch.StringType torch.SymBoolType torch.SymIntType torch.TensorType torch.TracingState
        torch.TupleType torch.Type torch.UnionType torch.DispatchKey torch.DispatchKeySet
        torch.ExcludeDispatchKeyGuard torch.merge_type_from_type_comment torch.parse_ir
        torch.parse_schema torch.parse_type_comment torch.unify_type_list torch.AVG torch.AliasDb
        torch.Argument torch.BenchmarkConfig torch.BenchmarkExecutionStats torch.Block
        torch.BufferDict torch.CallStack torch.Capsule torch.Code torch.ConcreteModuleTypeBuilder
        torch.DeepCopyMemoTable torch.ErrorReport torch.ExecutionPlan torch.FatalError
        torch.FunctionSchema torch.Gradient torch.IODescriptor torch.JITException torch.ModuleDict
        torch.OperatorInfo torch.ParameterDict torch.SUM torch.StaticModule torch.Tag torch.Use
        torch.Value torch._C.*
    """,
    "jnp.asarray(value)": "torch.autograd.variable",
    "jax.config.update('jax_debug_nans', True) stops at NaNs": """
        torch.is_anomaly_* torch.set_anomaly_enabled
    """,
    "gradients are what jax.grad returns; arrays hold none": "torch.Tensor.grad",
    "jax.grad says by argnums, or nnx.DiffState, what it differentiates by": """
        torch.Tensor.requires_grad
    """,
    "JAX has no hooks on gradients; change the gradient after jax.grad, or by custom_vjp": """
        torch.Tensor.register_*hook
    """,
    "JAX has no hooks; return what the hook would see, or use nnx.Module.sow": """
        torch.nn.Module.register_*hook torch.utils.hooks.* torch.utils.module_tracker.*
    """,
    "JAX has no hooks; do it before or after optimizer.update(model, grads)": """
        torch.optim.Optimizer.*hook* torch.optim.Optimizer.Optimizer*Hook
    """,
    "give all groups when the optimizer is made": "torch.optim.Optimizer.add_param_group",
    "keep an average by optax.ema, or by optax.tree.update_moment over the parameters": """
        torch.optim.swa_utils.*
    """,
    "call the model in training mode on every batch": "torch.optim.swa_utils.update_bn",
    "jax.checkpoint(f, policy=jax.checkpoint_policies...)": "torch.utils.checkpoint.*",
    "JAX has no autocast; give layers dtype=jnp.bfloat16": """
        torch.amp.is_autocast_available torch.autocast torch.autocast_decrement_nesting
        torch.autocast_increment_nesting torch.clear_autocast_cache torch.get_autocast_cpu_dtype
        torch.get_autocast_dtype torch.get_autocast_gpu_dtype torch.get_autocast_ipu_dtype
        torch.get_autocast_xla_dtype torch.is_autocast_cache_enabled torch.is_autocast_cpu_enabled
        torch.is_autocast_enabled torch.is_autocast_ipu_enabled torch.is_autocast_xla_enabled
        torch.set_autocast_cache_enabled torch.set_autocast_cpu_dtype torch.set_autocast_cpu_enabled
        torch.set_autocast_dtype torch.set_autocast_enabled torch.set_autocast_gpu_dtype
        torch.set_autocast_ipu_dtype torch.set_autocast_ipu_enabled torch.set_autocast_xla_dtype
        torch.set_autocast_xla_enabled
    """,
    "jax.config.jax_default_matmul_precision": "torch.get_float32_matmul_precision",
    "give dtypes where arrays are made, or set jax_enable_x64": "torch.set_default_tensor_type",
    "give the layers dtype=jnp.float16 when they are made": "torch.nn.Module.half",
    "give the layers dtype=jnp.bfloat16 when they are made": "torch.nn.Module.bfloat16",
    "set jax_enable_x64, and make the layers with param_dtype=jnp.float64": """
        torch.nn.Module.double
    """,
    "give the layers a dtype when they are made": "torch.nn.Module.type",
    "JAX has no such dtype": """
        torch.complex32 torch.chalf torch.Tensor.chalf torch.bits* torch.bit
    """,
    "jnp.int2 and jnp.int4 are the narrow integers that JAX has": "torch.int[1-7]",
    "jnp.uint2 and jnp.uint4 are the narrow integers that JAX has": "torch.uint[1-7]",
    "jnp.float4_e2m1fn, one number to an element": "torch.float4_e2m1fn_x2",
    "jnp.can_cast(from_, to)": "torch.can_cast",
    "arrays have no layout that code can see; leave it out": "torch.layout",
    "arrays have no memory format that code can see; leave it out": """
        torch.memory_format torch.Tensor.dim_order
    """,
    "an array's size is fixed: make a new one, by jnp.zeros or slicing": """
        torch.Tensor.resize* torch.resize_as*
    """,
    "jnp.vectorize(f)(x), or write the operation for whole arrays": """
        torch.Tensor.map*_ torch.Tensor.apply_
    """,
    "numpy.memmap, then jnp.asarray": "torch.from_file",
    "write through an index: x.at[...].set(values)": """
        torch.as_strided_scatter torch.Tensor.as_strided_scatter
    """,
    "hold arrays weakly by weakref, and by id(x) as keys": "torch.utils.weak.*",
    "assign the new value to the variable: variable[...] = value": "torch.utils.swap_tensors",
    "JAX has no pruning: multiply the weight by a mask that is an nnx.Variable": """
        torch.nn.utils.prune.*
    """,
    "register the same parametrizations on the other module": """
        torch.nn.utils.parametrize.transfer_parametrizations_and_params
    """,
    "XLA fuses layers itself; leave it out": "torch.nn.utils.fuse_*",
    "XLA chooses layouts itself; leave it out": "torch.nn.utils.convert_*_memory_format",
    "pad to one length, and give the lengths (seq_lengths of nnx.RNN)": "torch.nn.utils.rnn.*",
    "write the scores out, or use jax.nn.dot_product_attention with mask= or bias=": """
        torch.nn.attention.*
    """,
    "derive from the layer itself, or from nnx.Module": "torch.nn.RNNBase torch.nn.RNNCellBase",
    "derive from nnx.Module": "torch.nn.Container",
    "the same as torch.nn.NLLLoss": "torch.nn.NLLLoss2d",
    "the same as torch.nn.LocalResponseNorm": "torch.nn.CrossMapLRN2d",
    "make the parameter when its shape is known: nnx.Param(value)": "torch.nn.Uninitialized*",
    "XLA plans the memory; leave the options out": "torch.nn.LinearCrossEntropyOptions",
    "give dtype= to the layer; there is no device to give": "torch.nn.factory_kwargs",
    "keep it as an nnx.Variable, which is part of the state": "torch.nn.Module.*extra_state",
    "jit the function that calls the module: nnx.jit": "torch.nn.Module.compile",
    "read the attribute; nnx.to_flat_state gives all by path": """
        torch.nn.Module.get_parameter torch.nn.Module.get_buffer
    """,
    "assign the attribute": "torch.nn.Module.set_submodule",
    "Flax prints a module's attributes itself": "torch.nn.Module.extra_repr",
    "write a Python generator, or use grain": """
        torch.utils.data.*DataPipe* torch.utils.data.functional_datapipe
        torch.utils.data.*determinis* torch.utils.data.*validation* torch.utils.data.DataChunk
    """,
    "a setting of torch.load; saved arrays are NumPy or orbax files in JAX, leave it out": """
        torch.serialization.* torch.PyTorchFile*
    """,
    "jnp.from_dlpack(x) needs no device type": "torch.utils.dlpack.DLDeviceType",
    "write events by tensorboardX, with the same calls": "torch.utils.tensorboard.*",
    "time a jitted call with timeit and jax.block_until_ready": """
        torch.utils.benchmark.* torch.utils.ThroughputBenchmark torch.ThroughputBenchmark
    """,
    "jax.jit(f).lower(x).compile().cost_analysis() counts operations": """
        torch.utils.flop_counter.*
    """,
    "JAX has no counters of its own; log values that the step returns": "torch.monitor.*",
    "numpy.testing.assert_allclose(actual, expected, rtol, atol)": """
        torch.testing.assert_close torch.testing.assert_allclose
    """,
    "jax.random.uniform or jax.random.randint": "torch.testing.make_tensor",
    "use numpy.set_printoptions and print numpy.asarray(x)": "torch.set_printoptions",
    "type(x).__name__, or x.dtype": "torch.typename",
    "use Python's warnings module": "torch.is_warn_always_enabled",
    "results are plain tuples in JAX; unpack them": "torch.return_types.*",
    "annotate with Python's types and jax.Array": "torch.types.*",
    "a kernel behind a public function; call that function, which has a rule": """
        torch.cudnn_* torch.miopen_* torch.mkldnn_* torch.batch_norm_* torch.native_*
    """,
    "shapes are plain integers in JAX; use Python's arithmetic": "torch.sym_*",
    "shapes are plain integers in JAX": "torch.Sym*",
    "XLA is deterministic with the flag --xla_gpu_deterministic_ops=true": """
        torch.get_deterministic_debug_mode torch.is_deterministic_algorithms_warn_only_enabled
        torch.set_deterministic_debug_mode
    """,
    "XLA sets its threads itself, by XLA_FLAGS": """
        torch.get_num_interop_threads torch.get_num_threads torch.init_num_threads
        torch.set_num_interop_threads torch.set_num_threads
    """,
    "call the form in torch.nn.functional, which has a rule": """
        torch.adaptive_max_pool1d torch.affine_grid_generator torch.alpha_dropout
        torch.alpha_dropout_ torch.batch_norm torch.binary_cross_entropy_with_logits
        torch.ctc_loss torch.embedding torch.embedding_bag torch.feature_alpha_dropout
        torch.feature_alpha_dropout_ torch.hinge_embedding_loss torch.instance_norm torch.kl_div
        torch.margin_ranking_loss torch.max_pool1d_with_indices torch.poisson_nll_loss
        torch.triplet_margin_loss torch.grid_sampler torch.grid_sampler_2d torch.grid_sampler_3d
    """,
    "call the layer torch.nn.LSTM, GRU or RNN, which has a rule": """
        torch.lstm torch.gru torch.rnn_tanh torch.rnn_relu torch.lstm_cell torch.gru_cell
        torch.rnn_tanh_cell torch.rnn_relu_cell
    """,
    "call it without _with_indices, and with return_indices=True": """
        torch.nn.functional.*_with_indices
    """,
    "removed from PyTorch; call the form in torch.linalg": """
        torch.Tensor.eig torch.Tensor.symeig torch.Tensor.lstsq torch.Tensor.solve
    """,
    "JAX raises nothing for a value: test the result for NaN": "torch.linalg.LinAlgError",
    "keep the mask in an array of its own, and call torch.masked or jnp.where": """
        torch.masked.*asked_tensor torch.masked.MaskedTensor
    """,
    "JAX shows no views; conj and neg compute at once": """
        torch.is_conj torch.is_neg torch.Tensor.is_conj torch.Tensor.is_neg
    """,
    "jnp.issubdtype(x.dtype, jnp.signedinteger)": "torch.is_signed torch.Tensor.is_signed",
    "call it without _copy: every result is a copy": """
        torch.detach_copy torch.slice_copy torch.split_copy torch.view_as_complex_copy
        torch.view_as_real_copy
    """,
    "jax.vmap over stacked state: nnx.vmap, or jax.tree.map(jnp.stack) of nnx.state": """
        torch.func.stack_module_state
    """,
    "JAX functions are functional already; call the function": "torch.func.functionalize",
}
