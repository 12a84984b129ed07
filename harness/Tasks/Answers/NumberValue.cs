using System.Globalization;
using System.Numerics;

namespace Harness.Tasks.Answers;

/// <summary>An exact number: (whole + numerator / denominator) times a power of ten.</summary>
sealed record NumberValue
{
    /// <summary>Larger powers of ten than this are accidents and not answers, and would only cost time.</summary>
    public const int MostExponent = 400;

    /// <summary>Most digits in a part of a fraction.</summary>
    public const int MostFractionDigits = 1000;

    public bool Negative { get; init; }

    public DecimalLiteral? Whole { get; init; }

    public DecimalLiteral? Numerator { get; init; }

    public DecimalLiteral? Denominator { get; init; }

    public int Scale { get; init; }

    /// <summary>Whether a percent sign, or the word, follows it. It doesn't change the value.</summary>
    public bool Percent { get; init; }

    /// <summary>Whether it is written as digits alone, at most three of them, as the number of a heading or a list is.</summary>
    public bool IsShortInteger => Numerator is null && Scale == 0 && !Negative && !Percent && Whole is { Exponent: 0, Digits.Length: <= 3 };

    /// <summary>
    /// The one string of its value: a decimal where that ends (18, -0.5), else a fraction in lowest terms (2/3). Equal values have equal
    /// strings, however they were written.
    /// </summary>
    /// <param name="hundredths">Whether to divide by 100 first.</param>
    public string Canonical(bool hundredths = false)
    {
        int scale = Scale - (hundredths ? 2 : 0);
        string magnitude = Numerator is null ? Whole!.Value.Canonical(scale) : Fraction(scale);
        return Negative && magnitude != "0" ? $"-{magnitude}" : magnitude;
    }

    string Fraction(int scale)
    {
        (DecimalLiteral top, DecimalLiteral bottom) = (Numerator!.Value, Denominator!.Value);
        DecimalLiteral whole = Whole ?? new DecimalLiteral("0", 0);
        int shift = Math.Max(0, -Math.Min(top.Exponent, bottom.Exponent));
        (BigInteger numerator, BigInteger denominator) = (top.Scaled(shift), bottom.Scaled(shift));
        numerator += whole.Scaled(0) * denominator;
        numerator *= BigInteger.Pow(10, Math.Max(scale, 0));
        denominator *= BigInteger.Pow(10, Math.Max(-scale, 0));
        BigInteger common = BigInteger.GreatestCommonDivisor(numerator, denominator);
        (numerator, denominator) = (numerator / common, denominator / common);
        int places = Places(denominator);
        if (places < 0)
            return string.Create(CultureInfo.InvariantCulture, $"{numerator}/{denominator}");
        BigInteger digits = numerator * BigInteger.Pow(10, places) / denominator;
        return new DecimalLiteral(digits.ToString(CultureInfo.InvariantCulture), -places).Canonical(0);
    }

    /// <summary>Decimal places that a fraction of this denominator needs; -1 where it never ends.</summary>
    static int Places(BigInteger denominator)
    {
        (int twos, int fives) = (0, 0);
        for (; denominator.IsEven; denominator /= 2)
            twos++;
        for (; denominator % 5 == 0; denominator /= 5)
            fives++;
        return denominator.IsOne ? Math.Max(twos, fives) : -1;
    }
}
