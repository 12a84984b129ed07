using System.Globalization;

namespace Gpu;

/// <summary>What the command line asks for.</summary>
sealed record ProofSettings
{
    /// <summary>Folder of the bundle, or of a checkout: holds results/ and, of a bundle, manifests/.</summary>
    public required string Root { get; init; }

    /// <summary>Where the log, the tables and the archive go.</summary>
    public required string Output { get; init; }

    /// <summary>cuda, cuda:N, or cpu.</summary>
    public string Device { get; init; } = "cuda";

    /// <summary>Time for everything, or for the part that this process runs.</summary>
    public TimeSpan Limit { get; init; }

    /// <summary>Names of the parts to run.</summary>
    public IReadOnlyList<string> Parts { get; init; } = AllParts;

    /// <summary>Of the random cases.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Only the kernels' cases whose names start so: beginnings, separated by commas.</summary>
    public string? Cases { get; init; }

    /// <summary>After so long a kernel's case hangs. The first of a module waits for the driver to compile it.</summary>
    public TimeSpan CaseLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Fewest cases, as the sanitizers want it.</summary>
    public bool Small { get; init; }

    /// <summary>The part that this process runs; null where it starts the others.</summary>
    public string? Child { get; init; }

    /// <summary>Of a child: how many of its part's checks are done.</summary>
    public int Done { get; init; }

    /// <summary>Of a child that generates: number of its workload.</summary>
    public int Work { get; init; }

    /// <summary>Whether the experiments run on the CPU.</summary>
    public bool IsProcessor => IsCpu(Device);

    public static IReadOnlyList<string> AllParts { get; } = [.. Gpu.Parts.Asked.Select(part => part.Name)];

    const string Help = """
        prove [--output FOLDER] [--device cuda|cuda:N|cpu] [--minutes M] [--parts driver,kernels,tokens,experiments,throughput,nodes,tools]
              [--cases TEXT] [--case-seconds S] [--seed S] [--root FOLDER]

        Tries the driver's copies and graphs (driver); compares every kernel with its CPU form (kernels; --cases: those whose name starts
        with one of TEXT,TEXT; --case-seconds: after so long, 60, one hangs) and the tokens of synthetic:135m with
        committed ones (tokens); generates the committed experiments on the GPU and compares their bytes over batch sizes and with
        recorded steps on and off, and trains the first steps of those that make models (experiments); measures tokens/s, time to the
        first token, the card's ceilings, clocks and joules a token (throughput), and microseconds of each kernel of a step (nodes);
        runs compute-sanitizer and ncu where they are installed (tools). Each part runs in processes of its own: a kernel that hangs or
        faults costs its one case.
        Results: FOLDER/harness-gpu-results.tar.gz. With --device cpu only tokens and experiments run, on the processor: a trial of
        the bundle itself.
        """;

    /// <summary>Null where the arguments are wrong or help was asked for; it has been said.</summary>
    public static ProofSettings? Parse(string[] arguments, double defaultMinutes)
    {
        string root = Directory.GetCurrentDirectory();
        ProofSettings settings = new() { Root = root, Output = "", Limit = TimeSpan.FromMinutes(defaultMinutes) };
        for (int i = 0; i < arguments.Length; i++)
        {
            string name = arguments[i];
            if (name == "--small")
            {
                settings = settings with { Small = true };
                continue;
            }
            if (name is "--help" or "-h" || i + 1 == arguments.Length)
                return Say(Help);
            if (settings.With(name, arguments[++i]) is not { } changed)
                return Say($"'{name} {arguments[i]}' is wrong\n{Help}");
            settings = changed;
        }
        root = Path.GetFullPath(settings.Root);
        string output = settings.Output.Length > 0 ? settings.Output : Path.Combine(root, "output");
        string[] parts = [.. settings.Parts.Where(part => !IsCpu(settings.Device) || Gpu.Parts.OnProcessor.Contains(part))];
        return parts.Length == 0 && settings.Child is null
            ? Say($"on the CPU only {string.Join(" and ", Gpu.Parts.OnProcessor)} run")
            : settings with { Root = root, Output = Path.GetFullPath(output), Parts = parts };
    }

    static bool IsCpu(string device) => device.Equals("cpu", StringComparison.OrdinalIgnoreCase);

    ProofSettings? With(string name, string value) => name switch
    {
        "--output" => this with { Output = value },
        "--device" => this with { Device = value },
        "--root" => this with { Root = value },
        "--cases" => this with { Cases = value },
        "--minutes" when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double minutes)
            && minutes is > 0 and < 1e6 => this with { Limit = TimeSpan.FromMinutes(minutes) },
        "--case-seconds" when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
            && seconds is > 0 and < 1e6 => this with { CaseLimit = TimeSpan.FromSeconds(seconds) },
        "--seed" when ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) => this with { Seed = seed },
        "--parts" when value.Split(',') is var parts && parts.All(AllParts.Contains) => this with { Parts = parts },
        "--child" when AllParts.Contains(value) || Gpu.Parts.OfItsOwn.Contains(value) => this with { Child = value },
        "--done" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int done) => this with { Done = done },
        "--work" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int work) => this with { Work = work },
        _ => null,
    };

    static ProofSettings? Say(string text)
    {
        Console.Error.WriteLine(text);
        return null;
    }
}
