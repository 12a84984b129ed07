namespace Harness.Kernels.Tokenizers;

/// <summary>
/// GPT-2's printable alphabet of the 256 bytes, in which byte-level vocabularies are written (Radford et al. 2019, encoder.py):
/// printable Latin-1 bytes stand for themselves, the others for U+0100 onwards.
/// </summary>
static class ByteAlphabet
{
    const int Letters = 0x144;

    static readonly short[] ByteOfLetter = BuildTable();

    /// <summary>Writes the bytes that a word's letters stand for; false where a letter is not of the alphabet.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> utf8, Span<byte> destination, out int written)
    {
        written = 0;
        for (int i = 0; i < utf8.Length; written++)
        {
            int letter = utf8[i++];
            if (letter >= 0x80)
            {
                // Two-byte UTF-8 covers the alphabet; what is longer maps past its end.
                letter = letter is >= 0xC2 and <= 0xC5 && i < utf8.Length ? ((letter & 0x1F) << 6) | (utf8[i++] & 0x3F) : Letters;
            }
            if (letter >= Letters || ByteOfLetter[letter] < 0)
                return false;
            destination[written] = (byte)ByteOfLetter[letter];
        }
        return true;
    }

    static short[] BuildTable()
    {
        var table = new short[Letters];
        Array.Fill(table, (short)-1);
        int next = 0x100;
        for (int value = 0; value < 256; value++)
        {
            bool printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE);
            table[printable ? value : next++] = (short)value;
        }
        return table;
    }
}
