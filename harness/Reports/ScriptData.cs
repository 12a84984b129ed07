using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Harness.Reports;

/// <summary>
/// JSON for a page's script element. Every character that HTML, XML or a script could take for more than a letter is written as its number:
/// &lt;, &gt;, &amp;, quotes, controls, U+2028, a byte order mark. A lone surrogate becomes the replacement character.
/// </summary>
public static class ScriptData
{
    static readonly JsonSerializerOptions Safe = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Safe);
}
