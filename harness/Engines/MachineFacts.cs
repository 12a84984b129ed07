namespace Harness.Engines;

/// <summary>The machine as its records name it.</summary>
/// <param name="Device">cpu or cuda.</param>
/// <param name="Name">
/// Processor or GPU model, count and instruction set, such as amd-epyc-x2-avx512: the name of its folder under machines/.
/// </param>
public sealed record MachineFacts(string Device, string Name, string Isa, int Threads);
