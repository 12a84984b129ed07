using Harness.Kernels.Cpu;

namespace Harness.Kernels.Numerics;

/// <summary>A part of the exact arithmetic over one small input of its own, with the hash of its bits.</summary>
/// <param name="Name">Such as "rms norm".</param>
/// <param name="Bits">What <see cref="BitHash"/> gives of its bits in this <see cref="NumericsVersion"/>, whatever the form.</param>
/// <param name="Parts">Names of the units that it is made of.</param>
/// <param name="Forms">Its forms that this machine can run.</param>
public sealed record NumericUnit(string Name, string Bits, IReadOnlyList<string> Parts, IReadOnlyList<UnitForm> Forms)
{
    /// <summary>A unit that has one form.</summary>
    internal static NumericUnit Single(string name, string bits, string[] parts, Action<BitHash> compute) =>
        new(name, bits, parts, [new UnitForm("", compute)]);

    /// <summary>A unit that has a form for each instruction set.</summary>
    internal static NumericUnit Vectorised(string name, string bits, string[] parts, Action<BitHash, InstructionSet> compute) =>
        new(name, bits, parts, [.. InstructionSets.Supported.Select(
            set => new UnitForm(set.ToString().ToLowerInvariant(), hash => compute(hash, set)))]);
}

/// <summary>One way to compute a unit.</summary>
/// <param name="Name">An instruction set or a device; empty where a unit has one form only.</param>
/// <param name="Compute">Adds the unit's bits.</param>
public sealed record UnitForm(string Name, Action<BitHash> Compute);
