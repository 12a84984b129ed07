using System.Globalization;
using System.Numerics;

namespace Harness.Tasks.Answers;

/// <summary>Digits as written, times a power of ten: 12.50 is 1250 with exponent -2.</summary>
readonly record struct DecimalLiteral(string Digits, int Exponent)
{
    public static DecimalLiteral One { get; } = new("1", 0);

    public bool IsInteger => Exponent >= 0;

    public bool IsZero => Digits.AsSpan().IndexOfAnyExcept('0') < 0;

    /// <summary>Without a sign, zeros at the ends dropped: 0.5, 12000, 0.</summary>
    public string Canonical(int scale)
    {
        int point = Digits.Length + Exponent + scale;
        string digits = point < 0 ? new string('0', -point) + Digits : Digits.PadRight(point, '0');
        point = Math.Max(point, 0);
        string integer = digits[..point].TrimStart('0');
        string fraction = digits[point..].TrimEnd('0');
        return $"{(integer.Length == 0 ? "0" : integer)}{(fraction.Length == 0 ? "" : ".")}{fraction}";
    }

    public BigInteger Scaled(int scale) =>
        BigInteger.Parse(Digits, NumberStyles.None, CultureInfo.InvariantCulture) * BigInteger.Pow(10, Exponent + scale);
}
