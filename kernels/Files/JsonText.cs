using System.Text.Encodings.Web;
using System.Text.Json;

namespace Harness.Kernels.Files;

/// <summary>JSON for people to read too: two spaces a level, line feeds, every character as it is.</summary>
static class JsonText
{
    /// <summary>An object of members, and a line feed.</summary>
    public static byte[] Object(Action<Utf8JsonWriter> members)
    {
        JsonWriterOptions options = new()
        {
            Indented = true,
            IndentSize = 2,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using MemoryStream json = new();
        using (Utf8JsonWriter writer = new(json, options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }
        json.WriteByte((byte)'\n');
        return json.ToArray();
    }
}
