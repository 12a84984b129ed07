using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Harness.Tests.Shared;

/// <summary>
/// Changes JSON where its grammar lets it: values of another type or size, members twice or gone, nesting, lists without end.
/// </summary>
static class JsonMutation
{
    static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "1", "2147483647", "2147483648", "-9223372036854775808", "18446744073709551616", "1e308",
        "1e-400", "0.5", "\"\"",
        "\"\\u0000\"", "\"\\ud800\"", "\"../../etc/passwd\"", "[]", "{}", "[[]]", "[null]", "{\"\":0}", "\"default\"", "\"Sequence\"",
        "\"F64\"", "[0,0]",
        "\"{{ messages }}\"",
    ];

    public static byte[] Of(byte[] original, Random random)
    {
        byte[] bytes = original;
        for (int rounds = random.Next(1, 4); rounds > 0; rounds--)
            bytes = Once(bytes, random);
        return bytes;
    }

    static byte[] Once(byte[] bytes, Random random)
    {
        List<(int Start, int End, bool IsName)> tokens = Tokens(bytes);
        if (tokens.Count < 2)
            return Mutation.Bytes(bytes, random);
        // Half of the changes lie among the first tokens, since most files end in long tables.
        (int start, int end, bool isName) = tokens[random.Next(random.Next(2) == 0 ? Math.Min(tokens.Count, 150) : tokens.Count)];
        (int otherStart, int otherEnd, bool _) = tokens[random.Next(tokens.Count)];
        string text = random.Next(8) switch
        {
            0 when !isName => string.Concat(Enumerable.Repeat("[", Depth(random))) + Encoding.UTF8.GetString(bytes[start..end]),
            1 when !isName => Nested(Encoding.UTF8.GetString(bytes[start..end]), Depth(random)),
            2 when !isName => "[" + string.Join(',', Enumerable.Repeat(Values[random.Next(Values.Length)], random.Next(3000))) + "]",
            3 when isName =>
                Encoding.UTF8.GetString(bytes[start..end]) + ":" + Values[random.Next(Values.Length)] + ","
                + Encoding.UTF8.GetString(bytes[start..end]),
            4 when isName => "\"renamed" + random.Next(3).ToString(CultureInfo.InvariantCulture) + "\"",
            5 when !isName => Mutation.Numbers[random.Next(Mutation.Numbers.Length)].ToString(CultureInfo.InvariantCulture),
            6 => Encoding.UTF8.GetString(bytes[otherStart..otherEnd]),
            _ => isName ? "\"\"" : Values[random.Next(Values.Length)],
        };
        return [.. bytes[..start], .. Encoding.UTF8.GetBytes(text), .. bytes[end..]];
    }

    static int Depth(Random random) => random.Next(3) switch { 0 => random.Next(70), 1 => 2000, _ => 100_000 };

    static string Nested(string value, int depth) =>
        string.Concat(Enumerable.Repeat("{\"a\":", depth)) + value + string.Concat(Enumerable.Repeat("}", depth));

    /// <summary>Names and values, lists and objects with all they hold, as far as the text is JSON.</summary>
    static List<(int Start, int End, bool IsName)> Tokens(ReadOnlySpan<byte> bytes)
    {
        var tokens = new List<(int, int, bool)>();
        var open = new Stack<int>();
        var reader = new Utf8JsonReader(bytes);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
                    open.Push((int)reader.TokenStartIndex);
                else if (reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject)
                    tokens.Add((open.Pop(), (int)reader.BytesConsumed, false));
                else if (reader.TokenType == JsonTokenType.PropertyName)
                    tokens.Add(((int)reader.TokenStartIndex, (int)reader.TokenStartIndex + reader.ValueSpan.Length + 2, true));
                else
                    tokens.Add(((int)reader.TokenStartIndex, (int)reader.BytesConsumed, false));
            }
        }
        catch (JsonException)
        {
            // An earlier round broke it: what was read so far is changed again.
        }
        tokens.Sort();
        return tokens;
    }
}
