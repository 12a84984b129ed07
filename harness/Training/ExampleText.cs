using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Harness.Kernels.Tokenizers;
using Harness.Records;

namespace Harness.Training;

/// <summary>Texts as tokens: as they are when a model is asked and answers.</summary>
sealed class ExampleText(WordVocabulary vocabulary)
{
    /// <summary>A prompt and its answer, which ends.</summary>
    /// <param name="identity">Of the problem.</param>
    /// <exception cref="Kernels.Diagnostics.HarnessException">A word that the vocabulary lacks.</exception>
    public Example Pair(string prompt, string answer, string identity)
    {
        int[] given = vocabulary.Tokenizer.EncodePrompt(prompt), written = vocabulary.Tokenizer.Encode(answer);
        return new Example([.. given, .. written, vocabulary.End], given.Length, IdentityOf(identity));
    }

    /// <summary>A part of a text that neither begins nor ends with it.</summary>
    public Example Part(ReadOnlySpan<int> tokens) =>
        new([vocabulary.Begin, .. tokens], 1, IdentityOf(Hashes.OfTokens(tokens)));

    /// <summary>An answer that is to be judged, without its verdicts; a last token makes room for the last of them.</summary>
    public Example Judged(LabelledAnswer answer)
    {
        int[] tokens = [.. answer.Prompt, .. answer.Answer, vocabulary.End], verdicts = new int[tokens.Length];
        Array.Fill(verdicts, -1);
        return new Example(tokens, answer.Prompt.Length, IdentityOf(answer.Identity)) { Verdicts = verdicts };
    }

    public int[] Encode(string text) => vocabulary.Tokenizer.Encode(text);

    static ulong IdentityOf(string text) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
