using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Harness.Kernels.Driver;
using PtxInterpreter;

namespace Kernels.Tests.Ptx;

/// <summary>
/// Faults planted in the PTX that ships make a case of their module fail: the cases see what the kernels do. A planted fault may also
/// change nothing (a bound that no shape touches, a barrier that another one covers), so a third must be found, and the rest is named.
/// HARNESS_PTX_MUTATIONS=10 plants ten of each kind instead of one.
/// </summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public static partial class PtxMutationTests
{
    const double MustBeFound = 0.34;

    static readonly int EachKind =
        int.Parse(Environment.GetEnvironmentVariable("HARNESS_PTX_MUTATIONS") ?? "1", CultureInfo.InvariantCulture);
    static readonly InterpreterOptions Options = new() { Workers = 1, MostInstructions = 20_000_000, ComputeCapability = 90 };

    /// <summary>The modules that a case reads, known once it has run to its end: it need not run for a fault in another.</summary>
    static readonly ConcurrentDictionary<string, IReadOnlySet<string>> ModulesOfCases = new();

    static readonly IReadOnlyList<string> Modules = [.. PtxLibrary.Modules.Where(m => Cases(m).Count > 0)];

    [TestCaseSource(nameof(Modules))]
    public static void CasesFindPlantedFaults(string module)
    {
        IReadOnlyList<PtxMutation> mutations =
            PtxMutations.Of(InterpretedDevice.ReadShipped(module, Options.ComputeCapability), module.Sum(c => c), EachKind);
        string[] survivors = [.. mutations.Where(m => !IsFound(module, m)).Select(m => m.ToString())];
        int found = mutations.Count - survivors.Length;
        TestContext.Out.WriteLine(
            $"{module}: {found} of {mutations.Count} planted faults found{string.Concat(survivors.Select(s => $"\n  not found: {s}"))}");
        Assert.That(found, Is.GreaterThanOrEqualTo(MustBeFound * mutations.Count), string.Join('\n', survivors));
    }

    /// <summary>The module's own cases, then those of modules whose name begins with the same word: they run together.</summary>
    static List<KernelCase> Cases(string module)
    {
        string family = FirstWord().Match(module).Value;
        IEnumerable<KernelCase> related = AllCases.All().Where(c => FirstWord().Match(c.Kernel).Value == family);
        return [.. related.OrderBy(c => !c.Kernel.StartsWith($"{module}.", StringComparison.Ordinal))];
    }

    [GeneratedRegex("^[A-Z][a-z]+")]
    private static partial Regex FirstWord();

    static bool IsFound(string module, PtxMutation mutation)
    {
        foreach (KernelCase kernelCase in Cases(module))
        {
            string name = kernelCase.ToString();
            if (ModulesOfCases.TryGetValue(name, out IReadOnlySet<string>? known) && !known.Contains(module))
                continue;
            HashSet<string> read = [];
            using var device = new InterpretedDevice(Text, options: Options);
            try
            {
                kernelCase.Run(device);
            }
            catch (Exception found) when (found is KernelMismatchException or KernelFaultException)
            {
                return true;
            }
            ModulesOfCases.TryAdd(name, read);

            string Text(string wanted)
            {
                read.Add(wanted);
                return wanted == module ? mutation.Text : InterpretedDevice.ReadShipped(wanted, Options.ComputeCapability);
            }
        }
        return false;
    }
}
