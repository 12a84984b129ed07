using System.Globalization;

namespace Gpu;

/// <summary>
/// prove: compares every kernel and the committed experiments on a GPU with the CPU's bytes, measures what the card gives, and leaves
/// one archive of results to commit. Its last line is "N passed, N failed"; the exit status is 1 where a check failed, 2 where the GPU
/// can't be used.
/// </summary>
static class Program
{
    const double DefaultMinutes = 8;

    static int Main(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (ProofSettings.Parse(arguments, DefaultMinutes) is not { } settings)
            return 2;
        Directory.CreateDirectory(settings.Output);
        using StreamWriter log = new(Path.Combine(settings.Output, "proof.log"));
        Proof proof = new(log, settings.Limit);
        return new ProofRun(settings, proof).Execute();
    }
}
