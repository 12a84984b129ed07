using System.Globalization;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Engines.Simulated;

/// <summary>
/// What a simulated model is: the law of its problems' rates, how its wrong answers are spread, and how well its log-probabilities tell
/// right answers from wrong ones. Its name says all of it.
/// </summary>
public sealed record SimulatedSettings
{
    public const string Prefix = "simulated:";

    /// <summary>The rate of a problem is drawn from Beta(Alpha, Beta).</summary>
    public double Alpha { get; init; } = 1;

    /// <inheritdoc cref="Alpha"/>
    public double Beta { get; init; } = 1;

    /// <summary>The share of problems whose rate is 0.</summary>
    public double Zero { get; init; }

    /// <summary>How many different wrong answers a problem has.</summary>
    public int Wrong { get; init; } = 4;

    /// <summary>Of the wrong samples, the share that gives the first wrong answer; the others divide the rest evenly.</summary>
    public double Common { get; init; } = 0.25;

    /// <summary>Of the wrong samples, the share without an answer.</summary>
    public double Silent { get; init; }

    /// <summary>
    /// How much better right samples are rewarded: the largest of so many uniform draws, where a wrong sample has one. A right sample's
    /// reward is the larger with a chance of Quality / (Quality + 1); 1 tells nothing.
    /// </summary>
    public double Quality { get; init; } = 1;

    /// <summary>The chance of a sample to be right or wrong as one draw of its problem is, in place of a draw of its own.</summary>
    public double Correlation { get; init; }

    static readonly (string Name, double Low, double High, Func<SimulatedSettings, double, SimulatedSettings> Set)[] Parts =
    [
        ("alpha", 0.01, 1000, (settings, value) => settings with { Alpha = value }),
        ("beta", 0.01, 1000, (settings, value) => settings with { Beta = value }),
        ("zero", 0, 1, (settings, value) => settings with { Zero = value }),
        ("wrong", 1, 50, (settings, value) => settings with { Wrong = (int)value }),
        ("common", 0, 1, (settings, value) => settings with { Common = value }),
        ("silent", 0, 1, (settings, value) => settings with { Silent = value }),
        ("quality", 1, 1000, (settings, value) => settings with { Quality = value }),
        ("correlation", 0, 1, (settings, value) => settings with { Correlation = value }),
    ];

    /// <summary>What a name may say, for messages.</summary>
    public static string Form { get; } = Prefix + string.Join(",", Parts.Select(part => $"{part.Name}=NUMBER"));

    /// <summary>Reads a name such as <c>simulated:alpha=0.5,beta=2,wrong=4</c>; what it leaves out has its default.</summary>
    /// <exception cref="HarnessException"><see cref="Codes.BadValue"/>.</exception>
    public static SimulatedSettings Parse(string name)
    {
        SimulatedSettings settings = new();
        HashSet<string> seen = [];
        foreach (string part in name[Prefix.Length..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] sides = part.Split('=', 2, StringSplitOptions.TrimEntries);
            int place = Array.FindIndex(Parts, known => known.Name == sides[0]);
            if (place < 0 || sides.Length < 2)
                throw Wrong($"'{part}' is none of its parts{NearestName.Hint(sides[0], Parts.Select(known => known.Name))}");
            (string known, double low, double high, Func<SimulatedSettings, double, SimulatedSettings> set) = Parts[place];
            bool isWhole = known == "wrong";
            if (!seen.Add(known))
                throw Wrong($"it says '{known}' twice");
            if (!double.TryParse(sides[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !(value >= low)
                || !(value <= high) || (isWhole && value != Math.Floor(value)))
            {
                throw Wrong(FormattableString.Invariant(
                    $"{known} is '{sides[1]}'; expected {(isWhole ? "a whole number" : "a number")} from {low} to {high}"));
            }
            settings = set(settings, value);
        }
        return settings;

        HarnessException Wrong(string why) => Codes.BadValue.With($"simulated model '{name}': {why}; a name is {Form}");
    }

    /// <summary>
    /// The shares of each wrong answer among all wrong samples; they and <see cref="Silent"/> add up to 1. With one wrong answer it has
    /// them all.
    /// </summary>
    public double[] WrongShares()
    {
        double spoken = 1 - Silent;
        double[] shares = new double[Wrong];
        for (int answer = 0; answer < Wrong; answer++)
            shares[answer] = Wrong == 1 ? spoken : spoken * (answer == 0 ? Common : (1 - Common) / (Wrong - 1));
        return shares;
    }
}
