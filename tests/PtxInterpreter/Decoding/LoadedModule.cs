using Harness.Kernels.Driver;
using PtxInterpreter.Execution;
using PtxInterpreter.Memory;
using PtxInterpreter.Parsing;

namespace PtxInterpreter.Decoding;

/// <summary>A module with its own variables in device memory; its kernels are decoded when first asked for.</summary>
sealed class LoadedModule(PtxModule module, IReadOnlyDictionary<string, ulong> globals)
{
    readonly Dictionary<string, DecodedKernel> kernels = new(StringComparer.Ordinal);

    public static LoadedModule Load(PtxModule module, DeviceMemory memory)
    {
        var globals = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (PtxVariable variable in module.Variables.Where(v => v.Space is StateSpace.Global or StateSpace.Constant))
        {
            Allocation allocation = memory.Allocate(variable.Bytes, $"{module.Name}.{variable.Name}");
            memory.Write(new DevicePointer(allocation.Start), variable.Data ?? new byte[variable.Bytes]);
            globals.Add(variable.Name, allocation.Start);
        }
        return new LoadedModule(module, globals);
    }

    /// <summary>None where the module has no such entry.</summary>
    /// <exception cref="PtxFormatException">An instruction is not known.</exception>
    public DecodedKernel? Kernel(string entry)
    {
        if (!kernels.TryGetValue(entry, out DecodedKernel? kernel) && module.Entries.TryGetValue(entry, out PtxEntry? found))
            kernels.Add(entry, kernel = KernelDecoder.Decode(module, found, globals));
        return kernel;
    }

    public void DecodeAll()
    {
        foreach (string entry in module.Entries.Keys)
            _ = Kernel(entry);
    }
}
