using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;

namespace Gpu;

/// <summary>All parts of the proof, one after another; a part that breaks off does not keep the next from running.</summary>
sealed class ProofRun(ProofSettings settings, Proof proof)
{
    const string Archive = "harness-gpu-results.tar.gz";

    static readonly TimeSpan MachineLimit = TimeSpan.FromSeconds(90);

    public int Execute()
    {
        PartProcess processes = new(proof, (part, done, time) => Self(settings, part, done, time));
        PartEnd machine = processes.Run(Parts.Machine, MachineLimit);
        if (machine == PartEnd.Whole)
            RunParts(processes);
        proof.Line($"{proof.Elapsed.TotalSeconds:F0} s in all; results in {Path.Combine(settings.Output, Archive)}");
        if (proof.Skipped > 0)
            proof.Line($"{proof.Skipped} skipped");
        File.WriteAllText(Path.Combine(settings.Output, "summary.txt"), $"{proof.Summary}\n");
        proof.Line(proof.Summary, toConsole: false);
        Pack();
        Console.WriteLine(proof.Summary);
        return machine == PartEnd.Refused ? 2 : proof.Failed == 0 && proof.Passed > 0 ? 0 : 1;
    }

    /// <summary>This program once more, for a part.</summary>
    public static ProcessStartInfo Self(ProofSettings settings, string part, int done, TimeSpan time, params IEnumerable<string> more)
    {
        string program = Environment.ProcessPath!;
        ProcessStartInfo start = new(program) { WorkingDirectory = settings.Root };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "prove.dll"));
        string[] arguments =
        [
            "--child", part, "--done", Text(done), "--minutes", Text(time.TotalMinutes), "--device", settings.Device,
            "--root", settings.Root, "--output", settings.Output, "--seed", Text(settings.Seed),
            "--case-seconds", Text(settings.CaseLimit.TotalSeconds),
            .. settings.Cases is { } cases ? ["--cases", cases] : (string[])[], .. more,
        ];
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        return start;

        static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
    }

    /// <summary>Each part until its share of the time, and those of all before it, are over.</summary>
    void RunParts(PartProcess processes)
    {
        (string Name, double Share)[] parts = [.. Parts.Asked.Where(part => settings.Parts.Contains(part.Name))];
        TimeSpan began = proof.Elapsed, time = proof.Left;
        double all = parts.Sum(part => part.Share), shares = 0;
        foreach ((string name, double share) in parts)
        {
            shares += share;
            TimeSpan left = began + (time * (shares / all)) - proof.Elapsed;
            proof.Line($"== {name} (within {left.TotalSeconds:F0} s, {proof.Elapsed.TotalSeconds:F0} s gone)");
            (int passed, int failed, int skipped) = (proof.Passed, proof.Failed, proof.Skipped);
            processes.Run(name, left);
            proof.Line($"   {proof.Passed - passed} passed, {proof.Failed - failed} failed, {proof.Skipped - skipped} skipped");
        }
    }

    void Pack()
    {
        string aside = Path.Combine(settings.Output, $"{Archive}.part");
        using (FileStream file = File.Create(aside))
        using (GZipStream compressed = new(file, CompressionLevel.Optimal))
        using (TarWriter tar = new(compressed, TarEntryFormat.Pax))
        {
            foreach (string path in Directory.EnumerateFiles(settings.Output, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal))
            {
                string name = Path.GetRelativePath(settings.Output, path);
                if (!name.StartsWith(Archive, StringComparison.Ordinal)
                    && !name.StartsWith(ExperimentPart.Artifacts, StringComparison.Ordinal))
                    tar.WriteEntry(path, name);
            }
        }
        File.Move(aside, Path.Combine(settings.Output, Archive), overwrite: true);
    }
}
