using System.Globalization;

namespace Gpu;

/// <summary>
/// prove: compares every kernel and the committed experiments on a GPU with the CPU's bytes, measures what the card gives, and leaves
/// one archive of results to commit. Its last line is "N passed, N failed"; the exit status is 1 where a check failed, 2 where the GPU
/// can't be used. Each part runs in processes of its own, which this program starts (<see cref="PartProcess"/>).
/// </summary>
static class Program
{
    /// <summary>Exit status of a part's process that ends after a failure, with checks left to run.</summary>
    public const int BrokenOff = 3;

    const double DefaultMinutes = 8;

    static int Main(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        if (ProofSettings.Parse(arguments, DefaultMinutes) is not { } settings)
            return 2;
        Directory.CreateDirectory(settings.Output);
        if (settings.Child is not null)
            return RunPart(settings);
        using StreamWriter log = new(Path.Combine(settings.Output, "proof.log"));
        return new ProofRun(settings, new Proof(log, settings.Limit)).Execute();
    }

    static int RunPart(ProofSettings settings)
    {
        Checks checks = new(Console.Out, settings.Done, settings.Limit);
        try
        {
            Parts.Run(settings, checks);
            checks.End();
            return checks.HasFailed ? 1 : 0;
        }
        catch (BrokenOffException)
        {
            return BrokenOff;
        }
    }
}
