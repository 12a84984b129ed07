using System.Globalization;

namespace Gpu;

/// <summary>What the command line asks for.</summary>
/// <param name="Root">Folder of the bundle, or of a checkout: holds results/ and, of a bundle, manifests/.</param>
/// <param name="Output">Where the log, the tables and the archive go.</param>
/// <param name="Device">cuda or cuda:N.</param>
/// <param name="Limit">Time for everything.</param>
/// <param name="Parts">Names of the parts to run.</param>
/// <param name="Seed">Seed of the random cases.</param>
/// <param name="Small">Fewest cases, as the sanitizers want it.</param>
sealed record ProofSettings(string Root, string Output, string Device, TimeSpan Limit, IReadOnlyList<string> Parts, ulong Seed, bool Small)
{
    /// <summary>Whether the experiments run on the CPU.</summary>
    public bool IsProcessor => Device.Equals("cpu", StringComparison.OrdinalIgnoreCase);

    public static IReadOnlyList<string> AllParts { get; } = ["kernels", "experiments", "throughput", "tools"];

    const string Help = """
        prove [--output FOLDER] [--device cuda|cuda:N|cpu] [--minutes M] [--parts kernels,experiments,throughput,tools]
              [--seed S] [--root FOLDER]

        Compares every kernel with its CPU form (kernels), generates the committed experiments on the GPU and compares their bytes over
        batch sizes and with recorded steps on and off (experiments), measures tokens/s, the card's ceilings and joules a token
        (throughput), and runs compute-sanitizer and ncu where they are installed (tools). Results: FOLDER/harness-gpu-results.tar.gz.
        With --device cpu only the experiments run, on the processor: a trial of the bundle itself.
        """;

    /// <summary>Null where the arguments are wrong or help was asked for; it has been said.</summary>
    public static ProofSettings? Parse(string[] arguments, double defaultMinutes)
    {
        string root = Directory.GetCurrentDirectory(), device = "cuda";
        string? output = null;
        double minutes = defaultMinutes;
        IReadOnlyList<string> parts = AllParts;
        ulong seed = 1;
        bool small = false;
        for (int i = 0; i < arguments.Length; i++)
        {
            string name = arguments[i];
            if (name == "--small")
            {
                small = true;
                continue;
            }
            if (name is "--help" or "-h" || i + 1 == arguments.Length)
                return Say(Help);
            string value = arguments[++i];
            switch (name)
            {
                case "--output": output = value; break;
                case "--device": device = value; break;
                case "--root": root = value; break;
                case "--minutes" when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out minutes)
                    && minutes > 0:
                    break;
                case "--seed" when ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seed): break;
                case "--parts":
                    parts = value.Split(',');
                    if (parts.FirstOrDefault(part => !AllParts.Contains(part)) is { } unknown)
                        return Say($"'{unknown}' is no part: {string.Join(", ", AllParts)}");
                    break;
                default: return Say($"'{name} {value}' is wrong\n{Help}");
            }
        }
        root = Path.GetFullPath(root);
        return new ProofSettings(
            root, Path.GetFullPath(output ?? Path.Combine(root, "output")), device, TimeSpan.FromMinutes(minutes), parts, seed, small);
    }

    static ProofSettings? Say(string text)
    {
        Console.Error.WriteLine(text);
        return null;
    }
}
