using System.Reflection;
using System.Text;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Tasks.Prompts;

/// <summary>
/// The text of a template as it was found, in this assembly or in a file: UTF-8, line ends as \n, without the file's closing line end.
/// </summary>
sealed record PromptSource(string Text, string Origin)
{
    const string Folder = "Prompts/";
    const string Extension = ".txt";

    static readonly Assembly Assembly = typeof(PromptSource).Assembly;

    /// <summary>Names of the templates built in for a task, in ordinal order.</summary>
    public static IReadOnlyList<string> BuiltInNames(string task)
    {
        string prefix = $"{Folder}{task}/";
        return [.. Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(Extension, StringComparison.Ordinal))
            .Select(name => name[prefix.Length..^Extension.Length])
            .Order(StringComparer.Ordinal)];
    }

    public static PromptSource BuiltIn(string task, string name)
    {
        string resource = $"{Folder}{task}/{name}{Extension}";
        using Stream stream = Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"no resource {resource}");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new PromptSource(Decode(bytes, resource), resource);
    }

    /// <exception cref="HarnessException">HRN0304: it can't be read; HRN0308: it is not UTF-8.</exception>
    public static PromptSource File(string path)
    {
        try
        {
            return new PromptSource(Decode(System.IO.File.ReadAllBytes(path), path), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Codes.PromptNotFound.With($"can't be read: {exception.Message}", path, inner: exception);
        }
    }

    static string Decode(byte[] bytes, string origin)
    {
        ReadOnlySpan<byte> content = bytes;
        if (content.StartsWith(Encoding.UTF8.Preamble))
            content = content[Encoding.UTF8.Preamble.Length..];
        try
        {
            string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(content).Replace("\r\n", "\n");
            return text.EndsWith('\n') ? text[..^1] : text;
        }
        catch (DecoderFallbackException exception)
        {
            throw Codes.PromptTemplateBad.With($"not UTF-8: {exception.Message}", origin, inner: exception);
        }
    }
}
