using System.Runtime.InteropServices;
using System.Text;
using Harness.Kernels.Diagnostics;
using ManagedCuda.BasicTypes;
using static ManagedCuda.DriverAPINativeMethods;

namespace Harness.Kernels.Driver;

/// <summary>
/// The kernels that a device has loaded: a module on the first use of one of its entries, or before that, where it is known to be needed.
/// Its driver compiles a module's PTX as it loads it, which takes up to seconds unless the driver has kept what came of it.
/// </summary>
/// <param name="ptx">The text of a module.</param>
sealed class CudaModules(DeviceFacts facts, CudaErrors errors, Func<string, string> ptx)
{
    const int LogBytes = 16 << 10;
    readonly Dictionary<string, Task<CUmodule>> modules = new(StringComparer.Ordinal);
    readonly Dictionary<KernelName, Function> functions = [];

    sealed class Function(CUfunction handle)
    {
        public CUfunction Handle { get; } = handle;

        /// <summary>
        /// Dynamic shared memory asked for so far. Without asking a block has 48 KB, less what the kernel declares itself.
        /// </summary>
        public int SharedBytes { get; set; }
    }

    /// <summary>A kernel that may use the shared memory of <paramref name="shape"/>.</summary>
    public CUfunction Get(KernelName kernel, LaunchShape shape)
    {
        if (!functions.TryGetValue(kernel, out Function? function))
            functions.Add(kernel, function = new Function(Find(kernel)));
        if (shape.SharedBytes > function.SharedBytes)
        {
            if (shape.SharedBytes > facts.SharedBytesPerBlock)
                throw KernelCodes.KernelLaunch.With(CudaErrors.WithCure(KernelCodes.KernelLaunch, $"kernel {kernel} ({shape}) needs more "
                    + $"shared memory than the {facts.SharedBytesPerBlock} bytes a block that {facts.Name} has"));
            errors.Check(
                FunctionManagement.cuFuncSetAttribute(function.Handle, CUFunctionAttribute.MaxDynamicSharedSizeBytes, shape.SharedBytes));
            function.SharedBytes = shape.SharedBytes;
        }
        return function.Handle;
    }

    /// <summary>Begins to load modules, each on a worker thread. One that can't be loaded fails where it is first used.</summary>
    /// <param name="enterContext">Makes the device's context that of the calling thread.</param>
    public void Prepare(IEnumerable<string> names, Action enterContext)
    {
        foreach (string name in names)
        {
            if (!modules.ContainsKey(name))
                modules.Add(name, Task.Run(() =>
                {
                    enterContext();
                    return Load(name, ptx(name));
                }));
        }
    }

    /// <summary>Unloads all; results are not looked at, since nothing depends on them.</summary>
    public void Unload()
    {
        Task<CUmodule>[] loaded = [.. modules.Values];
        Task.WhenAll(loaded).ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        foreach (Task<CUmodule> module in loaded.Where(module => module.IsCompletedSuccessfully))
            ModuleManagement.cuModuleUnload(module.Result);
        modules.Clear();
        functions.Clear();
    }

    CUfunction Find(KernelName kernel)
    {
        if (!modules.TryGetValue(kernel.Module, out Task<CUmodule>? module))
            modules.Add(kernel.Module, module = Task.FromResult(Load(kernel.Module, ptx(kernel.Module))));
        CUfunction function = default;
        CUResult result = ModuleManagement.cuModuleGetFunction(ref function, module.GetAwaiter().GetResult(), kernel.Entry);
        if (result != CUResult.Success)
            throw errors.Failure(
                result,
                nameof(ModuleManagement.cuModuleGetFunction),
                KernelCodes.KernelRejected,
                $"kernel {kernel} can't be found in its module: ");
        return function;
    }

    unsafe CUmodule Load(string name, string text)
    {
        byte[] image = [.. Encoding.UTF8.GetBytes(text), 0];
        byte* logs = (byte*)NativeMemory.AllocZeroed(2 * LogBytes);
        try
        {
            CUJITOption[] options = [
                CUJITOption.InfoLogBuffer,
                CUJITOption.InfoLogBufferSizeBytes,
                CUJITOption.ErrorLogBuffer,
                CUJITOption.ErrorLogBufferSizeBytes];
            nint[] values = [(nint)logs, LogBytes, (nint)(logs + LogBytes), LogBytes];
            CUmodule module = default;
            CUResult result = ModuleManagement.cuModuleLoadDataEx(ref module, image, (uint)options.Length, options, values);
            return result == CUResult.Success ? module : throw Rejected(name, text, result, Log(logs + LogBytes), Log(logs));
        }
        finally
        {
            NativeMemory.Free(logs);
        }
    }

    HarnessException Rejected(string name, string text, CUResult result, string errorLog, string infoLog)
    {
        string call = nameof(ModuleManagement.cuModuleLoadDataEx);
        string log = string.Join("; ", new[] { errorLog, infoLog }.Where(part => part.Length > 0));
        string after = log.Length == 0 ? "" : $"; the driver's log: {log}";
        // Drivers that know no result for it say it in their log.
        bool tooOld = result == CUResult.UnsupportedPTXVersion
            || errorLog.Contains("Unsupported .version", StringComparison.OrdinalIgnoreCase);
        return tooOld
            ? KernelCodes.CudaDriverTooOld.With(CudaErrors.WithCure(KernelCodes.CudaDriverTooOld, "the driver, of CUDA "
                + $"{CudaDevices.CudaVersion(facts.DriverVersion)}, does not take module {name}, PTX {PtxVersion(text)}: "
                + $"{CudaErrors.Text(result, call)}{after}"))
            : errors.Failure(result, call, KernelCodes.KernelRejected, $"module {name} can't be loaded on {facts.Name}: ", after);
    }

    static string PtxVersion(string text) =>
        text.Split('\n').FirstOrDefault(line => line.StartsWith(".version", StringComparison.Ordinal))?[".version".Length..]
            .Trim() ?? "of no version";

    static unsafe string Log(byte* log) =>
        string.Join(
            "; ",
            (Marshal.PtrToStringUTF8((nint)log) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
