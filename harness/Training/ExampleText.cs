using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Harness.Kernels.Tokenizers;

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
        new([vocabulary.Begin, .. tokens], 1, BinaryPrimitives.ReadUInt64LittleEndian(HashOf(tokens)));

    public int[] Encode(string text) => vocabulary.Tokenizer.Encode(text);

    /// <summary>Of tokens.</summary>
    public static byte[] HashOf(ReadOnlySpan<int> tokens)
    {
        byte[] bytes = new byte[tokens.Length * sizeof(int)];
        for (int i = 0; i < tokens.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), tokens[i]);
        return SHA256.HashData(bytes);
    }

    static ulong IdentityOf(string text) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
