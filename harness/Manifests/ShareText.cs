using System.Globalization;

namespace Harness.Manifests;

/// <summary>Shares as manifests and options write them: 0.05, or 5%.</summary>
public static class ShareText
{
    /// <summary>Null where the text is no finite number, nor one in per cent.</summary>
    public static double? Read(string text)
    {
        bool isPercent = text.EndsWith('%');
        return double.TryParse(isPercent ? text[..^1] : text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number)
            ? isPercent ? number / 100 : number
            : null;
    }
}
