using System.Globalization;
using System.Text.RegularExpressions;

namespace Harness.Figures;

/// <summary>What a renderer drew, as elements of a larger figure, in one form for all renderers.</summary>
static partial class SvgFragment
{
    /// <summary>
    /// The children of the root, one a line; without clip paths (the data lie within their axes) and without an invisible background;
    /// colours in lower case; lengths to a tenth of a pixel, opacities to a hundredth, so that a smaller change changes no byte.
    /// </summary>
    public static string Of(string svg)
    {
        int start = svg.IndexOf('>', svg.IndexOf("<svg", StringComparison.Ordinal)) + 1;
        string children = svg[start..svg.LastIndexOf("</svg>", StringComparison.Ordinal)].ReplaceLineEndings("\n");
        children = Invisible().Replace(ClipPath().Replace(children, ""), "");
        children = Colour().Replace(children, colour => colour.Value.ToLowerInvariant());
        children = Opacity().Replace(children, opacity => Rounded(opacity, "0.##"));
        children = Length().Replace(children, length => Rounded(length, "0.#"));
        return string.Concat(children.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line + "\n"));
    }

    static string Rounded(Match number, string format)
    {
        double value = double.Parse(number.Value, NumberStyles.Float, CultureInfo.InvariantCulture);
        string text = value.ToString(format, CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }

    [GeneratedRegex("<clipPath.*?</clipPath>| clip-path=\"[^\"]*\"", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex ClipPath();

    [GeneratedRegex("""<rect[^>]*fill-opacity="0"[^>]*/>""", RegexOptions.CultureInvariant)]
    private static partial Regex Invisible();

    [GeneratedRegex("""(?<=")#[0-9A-Fa-f]{6}(?=")""", RegexOptions.CultureInvariant)]
    private static partial Regex Colour();

    [GeneratedRegex("""(?<=opacity=")[0-9.]+(?=")""", RegexOptions.CultureInvariant)]
    private static partial Regex Opacity();

    /// <summary>A number with a fraction, but for an opacity, or with a negative exponent; a colour such as #6e7681 is none.</summary>
    [GeneratedRegex("""(?<!opacity="[0-9.]*)(?<![0-9.])-?[0-9]*\.[0-9]+(?:e[-+]?[0-9]+)?|(?<![#0-9a-f])-?[0-9]+e-[0-9]+""",
        RegexOptions.CultureInvariant)]
    private static partial Regex Length();
}
