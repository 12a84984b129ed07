using Harness.Kernels.Driver;
using PtxInterpreter.Execution;
using PtxInterpreter.Memory;
using PtxInterpreter.Parsing;

namespace PtxInterpreter.Decoding;

/// <summary>A module with its kernels decoded and its own variables in device memory.</summary>
sealed record LoadedModule(IReadOnlyDictionary<string, DecodedKernel> Kernels)
{
    public static LoadedModule Load(PtxModule module, DeviceMemory memory)
    {
        var globals = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (PtxVariable variable in module.Variables.Where(v => v.Space is StateSpace.Global or StateSpace.Constant))
        {
            Allocation allocation = memory.Allocate(variable.Bytes, $"{module.Name}.{variable.Name}");
            memory.Write(new DevicePointer(allocation.Start), variable.Data ?? new byte[variable.Bytes]);
            globals.Add(variable.Name, allocation.Start);
        }
        return new LoadedModule(module.Entries.Values.ToDictionary(e => e.Name, e => KernelDecoder.Decode(module, e, globals), StringComparer.Ordinal));
    }
}
