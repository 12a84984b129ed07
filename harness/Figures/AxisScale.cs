using System.Globalization;
using Harness.Kernels.ExactMath;

namespace Harness.Figures;

/// <summary>A tick; a minor one has no label.</summary>
readonly record struct AxisTick(double Position, string Label);

/// <summary>An axis: its label, its limits and ticks in plot coordinates (log10 of the value on a log axis).</summary>
sealed record AxisScale(string Label, double Low, double High, IReadOnlyList<AxisTick> Ticks)
{
    /// <summary>Part of the span left free at each end, so that no marker touches the frame.</summary>
    const double Padding = .03;

    static readonly double Two = ExactDouble.Log10(2);

    /// <summary>On a longer span the labels of every power of two would not fit.</summary>
    static readonly double WidestByTwo = 10.5 * Two;

    /// <summary>Which multiples of a power of ten carry labels, the sparsest first.</summary>
    static readonly int[][] Labelled = [[1], [1, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]];

    /// <summary>Linear from 0 to a round number at or above <paramref name="max"/>, in steps of 1, 2 or 5.</summary>
    public static AxisScale FromZero(string label, double max)
    {
        if (!(max > 0))
            max = 1;
        double magnitude = ExactDouble.Pow(10, Math.Floor(ExactDouble.Log10(max)));
        double step = magnitude * (max / magnitude) switch
        {
            <= 1.2 => .2,
            <= 2.5 => .5,
            <= 5 => 1,
            _ => 2,
        };
        int steps = (int)Math.Ceiling(max / step - 1e-9);
        AxisTick[] ticks = [.. Enumerable.Range(0, steps + 1).Select(i => new AxisTick(i * step, Format(i * step)))];
        return new AxisScale(label, -Padding * steps * step, (1 + Padding) * steps * step, ticks);
    }

    /// <summary>Logarithmic, with a tick at every power of two (budgets, batch sizes), or of ten where those are too many.</summary>
    /// <param name="low">log10 of the smallest value</param>
    /// <param name="high">log10 of the largest value</param>
    public static AxisScale PowersOfTwo(string label, double low, double high)
    {
        if (high - low > WidestByTwo)
            return PowersOfTen(label, low, high);
        if (low == high)
            (low, high) = (low - Two, high + Two);
        AxisScale scale = Padded(label, low, high);
        List<AxisTick> ticks = [];
        for (long value = 1; ExactDouble.Log10(value) <= scale.High; value *= 2)
        {
            if (ExactDouble.Log10(value) >= scale.Low)
                ticks.Add(new AxisTick(ExactDouble.Log10(value), Format(value)));
        }
        return scale with { Ticks = ticks };
    }

    /// <summary>Logarithmic, with a label at every power of ten, and at 2 and 5, or 2 to 9, times those where they are too few.</summary>
    /// <param name="low">log10 of the smallest value</param>
    /// <param name="high">log10 of the largest value</param>
    public static AxisScale PowersOfTen(string label, double low, double high)
    {
        if (high - low < 2 * Two)
            (low, high) = (low - Two, high + Two);
        AxisScale scale = Padded(label, low, high);
        int[] labelled = Labelled.First(digits => digits.Length == 9 || Decimals(scale).Count(tick => digits.Contains(tick.Digit)) >= 3);
        int every = 1 + (int)((high - low) / 8);
        return scale with
        {
            Ticks = [.. Decimals(scale).Select(tick => new AxisTick(
                tick.Position,
                labelled.Contains(tick.Digit) && tick.Exponent % every == 0 ? Scientific(tick.Digit, tick.Exponent) : ""))],
        };
    }

    static AxisScale Padded(string label, double low, double high) =>
        new(label, low - Padding * (high - low), high + Padding * (high - low), []);

    /// <summary>The positions of d * 10^e, d from 1 to 9, within the limits.</summary>
    static IEnumerable<(double Position, int Digit, int Exponent)> Decimals(AxisScale scale)
    {
        for (int exponent = (int)Math.Floor(scale.Low); exponent <= scale.High; exponent++)
        {
            for (int digit = 1; digit <= 9; digit++)
            {
                double position = exponent + ExactDouble.Log10(digit);
                if (position >= scale.Low && position <= scale.High)
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
