using System.Security.Cryptography;
using System.Text;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Checkpoints;

/// <summary>SHA-256 of what a model is, as lower-case hex.</summary>
static class ContentHashes
{
    static readonly string[] FolderFiles =
        ["config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja"];

    public static string OfText(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public static string OfFile(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw KernelCodes.ModelNotFound.With($"can't be read: {error.Message}", path, inner: error);
        }
    }

    /// <summary>The hash of a list of the model's files in ordinal order: for each its name, NUL, its own hash, a line feed.</summary>
    public static string OfFolder(string folder)
    {
        IEnumerable<string> names = Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Where(IsOfModel);
        var listing = new StringBuilder();
        foreach (string name in names.Order(StringComparer.Ordinal))
            listing.Append(name).Append('\0').Append(OfFile(Path.Combine(folder, name))).Append('\n');
        return OfText(listing.ToString());
    }

    static bool IsOfModel(string name) =>
        FolderFiles.Contains(name) || name.EndsWith(".safetensors", StringComparison.Ordinal)
            || name.EndsWith(".index.json", StringComparison.Ordinal);
}
