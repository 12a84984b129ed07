namespace Harness.Measurement;

/// <summary>
/// How many pairs of runs two programs are measured in. The spread of the first pairs says how many are needed for the ratio to be known
/// closely, and as many are made (in two stages, as Stein's of 1945): to look again and again would end where luck made the spread small.
/// </summary>
public sealed record TurnsRule
{
    /// <summary>Measured in any case.</summary>
    public int FewestPairs { get; init; } = 10;

    public int MostPairs { get; init; } = 40;

    /// <summary>Half the width of the interval of the log-ratio at which it is known closely.</summary>
    public double Closely { get; init; } = 0.01;

    /// <summary>Half a width falls with the root of the number of pairs.</summary>
    /// <param name="halfWidth">Of the first pairs' interval.</param>
    public int PairsFor(double halfWidth)
    {
        double times = halfWidth / Closely, needed = Math.Ceiling(FewestPairs * times * times);
        return needed >= MostPairs ? MostPairs : Math.Max((int)needed, FewestPairs);
    }
}
