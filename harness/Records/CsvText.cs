using System.Text;
using CsvHelper;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Records;

/// <summary>CSV files as text: UTF-8 and well-formed, or an error at the line.</summary>
static class CsvText
{
    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The names in the header, those that no table has too.</summary>
    /// <exception cref="HarnessException"><see cref="Codes.ResultsCorrupt"/>.</exception>
    public static IReadOnlyList<string> Header(byte[] content, string path) =>
        Parse(content, path, Codes.ResultsCorrupt, skipsEmptyLines: false, csv => (string[])[.. csv.Headers ?? []]);

    /// <inheritdoc cref="Parse{T}"/>
    public static T Read<T>(string path, Diagnostic corrupt, bool skipsEmptyLines, Func<CsvReader, T> read) =>
        Parse(Storage.Reading(path, () => File.ReadAllBytes(path)), path, corrupt, skipsEmptyLines, read);

    /// <param name="content">The file's bytes.</param>
    /// <param name="path">What messages call the file.</param>
    /// <param name="skipsEmptyLines">Whether a line without a character is no record.</param>
    /// <param name="read">Called with the header read, before the first record.</param>
    /// <exception cref="HarnessException"><paramref name="corrupt"/>, at the line that can't be read.</exception>
    public static T Parse<T>(byte[] content, string path, Diagnostic corrupt, bool skipsEmptyLines, Func<CsvReader, T> read)
    {
        try
        {
            using CsvReader csv = CsvReader.FromText(Utf8.GetString(content), new()
            {
                Separator = ',',
                TrackLineNumbers = true,
                SkipEmptyLines = skipsEmptyLines,
                MalformedData = CsvMalformedDataHandling.Throw,
                FieldCountMismatch = CsvFieldCountHandling.Throw,
            });
            csv.ReadHeader();
            return read(csv);
        }
        catch (DecoderFallbackException bad)
        {
            throw corrupt.With($"not UTF-8 at byte {bad.Index}", path, inner: bad);
        }
        catch (CsvFormatException bad)
        {
            throw corrupt.With(bad.Message, path, (int)Math.Max(bad.LineNumber, 1), 1, bad);
        }
    }
}
