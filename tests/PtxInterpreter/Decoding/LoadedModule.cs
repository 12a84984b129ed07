using System.Runtime.CompilerServices;
using Harness.Kernels.Driver;
using PtxInterpreter.Execution;
using PtxInterpreter.Memory;
using PtxInterpreter.Parsing;

namespace PtxInterpreter.Decoding;

/// <summary>A module with all its kernels decoded and its own variables in device memory.</summary>
sealed record LoadedModule(IReadOnlyDictionary<string, DecodedKernel> Kernels)
{
    // Shared by all devices: tests make many, and parsing and decoding a module takes longer than running a small kernel. Keyed by the text
    // itself, as an object, so that nothing is compared and a text that nobody holds takes its module with it.
    static readonly ConditionalWeakTable<string, PtxModule> Parsed = [];
    static readonly ConditionalWeakTable<PtxModule, LoadedModule> WithoutVariables = [];

    public static LoadedModule Load(string name, string text, DeviceMemory memory)
    {
        PtxModule module = Parsed.GetValue(text, key => PtxParser.Parse(name, key));
        PtxVariable[] variables = [.. module.Variables.Where(v => v.Space is StateSpace.Global or StateSpace.Constant)];
        if (variables.Length == 0)
            return WithoutVariables.GetValue(module, static m => Decode(m, new Dictionary<string, ulong>()));
        var addresses = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (PtxVariable variable in variables)
        {
            Allocation allocation = memory.Allocate(variable.Bytes, $"{module.Name}.{variable.Name}");
            memory.Write(new DevicePointer(allocation.Start), variable.Data ?? new byte[variable.Bytes]);
            addresses.Add(variable.Name, allocation.Start);
        }
        return Decode(module, addresses);
    }

    static LoadedModule Decode(PtxModule module, Dictionary<string, ulong> addresses) =>
        new(module.Entries.Values.ToDictionary(e => e.Name, e => KernelDecoder.Decode(module, e, addresses), StringComparer.Ordinal));
}
