using System.Globalization;

namespace ScottPlot;

public readonly struct Color
{
    public readonly byte Red;
    public readonly byte Green;
    public readonly byte Blue;
    public readonly byte Alpha;

    Color(byte red, byte green, byte blue, byte alpha) => (Red, Green, Blue, Alpha) = (red, green, blue, alpha);

    /// <param name="hex">#RRGGBB</param>
    /// <exception cref="FormatException">not of that form</exception>
    public static Color FromHex(string hex)
    {
        if (hex is not ['#', .. { Length: 6 } digits]
            || !uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint rgb))
            throw new FormatException($"a colour is #RRGGBB, not '{hex}'");
        return new Color((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb, byte.MaxValue);
    }

    /// <param name="alpha">0, invisible, to 1</param>
    public Color WithAlpha(double alpha) => new(Red, Green, Blue, (byte)(alpha * byte.MaxValue));
}
