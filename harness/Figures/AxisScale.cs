using System.Globalization;
using Harness.Kernels.ExactMath;

namespace Harness.Figures;

/// <summary>A tick; a minor one has no label.</summary>
readonly record struct AxisTick(double Position, string Label);

/// <summary>An axis: its label, its limits and ticks in plot coordinates (log10 of the value on a log axis).</summary>
sealed record AxisScale(string Label, double Low, double High, IReadOnlyList<AxisTick> Ticks)
{
    public const double FontSize = 11;

    /// <summary>Part of a linear axis left free at each end, so that no marker touches the frame.</summary>
    const double Padding = .03;

    /// <summary>The same of a log axis, in pixels.</summary>
    const double EndPixels = 12;

    /// <summary>Between the labels of neighbouring ticks.</summary>
    const double LabelGap = 6;

    static readonly double Two = ExactDouble.Log10(2);

    /// <summary>Which multiples of a power of ten carry labels, the sparsest first.</summary>
    static readonly int[][] Labelled = [[1], [1, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]];

    /// <summary>Linear from 0 to a round number at or above <paramref name="max"/>, in steps of 1, 2 or 5.</summary>
    public static AxisScale FromZero(string label, double max) => Between(label, 0, max);

    /// <summary>Linear between round numbers at or beyond two values, in steps of 1, 2 or 5.</summary>
    public static AxisScale Between(string label, double min, double max)
    {
        if (!(max > min))
            max = min + 1;
        double range = max - min, magnitude = ExactDouble.Pow(10, Math.Floor(ExactDouble.Log10(range)));
        double step = magnitude * (range / magnitude) switch
        {
            <= 1.2 => .2,
            <= 2.5 => .5,
            <= 5 => 1,
            _ => 2,
        };
        int first = (int)Math.Floor(min / step + 1e-9), last = (int)Math.Ceiling(max / step - 1e-9), steps = last - first;
        AxisTick[] ticks = [.. Enumerable.Range(first, steps + 1).Select(i => new AxisTick(i * step, Format(i * step)))];
        return new AxisScale(label, first * step - Padding * steps * step, first * step + (1 + Padding) * steps * step, ticks);
    }

    /// <summary>
    /// Logarithmic, with a tick at each value that the data have. Where labels would touch, the ends keep theirs, then powers of two.
    /// </summary>
    /// <param name="pixels">the axis's length</param>
    public static AxisScale AtValues(string label, IEnumerable<int> values, double pixels)
    {
        int[] distinct = [.. values.Distinct().Order()];
        (double low, double high) = Widened(ExactDouble.Log10(distinct[0]), ExactDouble.Log10(distinct[^1]), Two);
        IEnumerable<int> ranked = distinct.OrderBy(value =>
            value == distinct[0] || value == distinct[^1] ? 0 : int.IsPow2(value) ? 1 : value % 10 == 0 ? 2 : 3);
        return Padded(label, low, high, pixels).WithLabels(
            [.. ranked.Select(value => new AxisTick(ExactDouble.Log10(value), Format(value)))], pixels);
    }

    /// <summary>Logarithmic, with a label at every power of ten, and at 2 and 5, or 2 to 9, times those where they are too few.</summary>
    /// <param name="low">log10 of the smallest value</param>
    /// <param name="high">log10 of the largest value</param>
    /// <param name="pixels">the axis's length</param>
    public static AxisScale PowersOfTen(string label, double low, double high, double pixels)
    {
        if (high - low < 2 * Two)
            (low, high) = ((low + high) / 2 - Two, (low + high) / 2 + Two);
        AxisScale scale = Padded(label, low, high, pixels);
        (double Position, int Digit, int Exponent)[] decimals = [.. scale.Decimals()];
        int[] labelled = Labelled.First(digits => digits.Length == 9 || decimals.Count(tick => digits.Contains(tick.Digit)) >= 3);
        return scale.WithLabels(
            [.. decimals.OrderBy(tick => tick.Digit switch { 1 => 0, 2 or 5 => 1, _ => 2 }).Select(tick => new AxisTick(
                tick.Position, labelled.Contains(tick.Digit) ? Scientific(tick.Digit, tick.Exponent) : ""))],
            pixels);
    }

    /// <summary>A tick at 0, 1, 2 and so on, with names; where they would touch, the ends keep theirs, then the later ones.</summary>
    /// <param name="pixels">the axis's length</param>
    public static AxisScale AtPlaces(string label, IReadOnlyList<string> names, double pixels)
    {
        (double low, double high) = Widened(0, names.Count - 1, .5);
        IEnumerable<int> ranked = Enumerable.Range(0, names.Count).OrderBy(place =>
            place == 0 || place == names.Count - 1 ? 0 : names.Count - place);
        return Padded(label, low, high, pixels).WithLabels([.. ranked.Select(place => new AxisTick(place, names[place]))], pixels);
    }

    static (double Low, double High) Widened(double low, double high, double room) => low == high ? (low - room, high + room) : (low, high);

    static AxisScale Padded(string label, double low, double high, double pixels)
    {
        double padding = (high - low) * EndPixels / (pixels - 2 * EndPixels);
        return new(label, low - padding, high + padding, []);
    }

    /// <summary>All the ticks; of their labels those that fit between the ones before.</summary>
    /// <param name="ranked">the most important first</param>
    AxisScale WithLabels(IReadOnlyList<AxisTick> ranked, double pixels)
    {
        List<(double From, double To)> taken = [];
        List<AxisTick> ticks = [];
        foreach (AxisTick tick in ranked)
        {
            double middle = (tick.Position - Low) / (High - Low) * pixels, half = (TextWidth.Of(tick.Label, FontSize) + LabelGap) / 2;
            bool fits = tick.Label.Length > 0 && taken.All(label => middle + half <= label.From || middle - half >= label.To);
            if (fits)
                taken.Add((middle - half, middle + half));
            ticks.Add(fits ? tick : tick with { Label = "" });
        }
        return this with { Ticks = [.. ticks.OrderBy(tick => tick.Position)] };
    }

    /// <summary>The positions of d * 10^e, d from 1 to 9, within the limits.</summary>
    IEnumerable<(double Position, int Digit, int Exponent)> Decimals()
    {
        for (int exponent = (int)Math.Floor(Low); exponent <= High; exponent++)
        {
            for (int digit = 1; digit <= 9; digit++)
            {
                double position = exponent + ExactDouble.Log10(digit);
                if (position >= Low && position <= High)
                    yield return (position, digit, exponent);
            }
        }
    }

    static string Scientific(int digit, int exponent)
    {
        if (exponent is >= 0 and <= 3)
            return Format(digit * ExactDouble.Pow(10, exponent));
        const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
        string power = string.Concat(exponent.ToString(CultureInfo.InvariantCulture).Select(c => c == '-' ? '⁻' : Superscripts[c - '0']));
        return digit == 1 ? $"10{power}" : $"{digit}×10{power}";
    }

    static string Format(double value) => value.ToString("#,0.######", CultureInfo.InvariantCulture);
}
