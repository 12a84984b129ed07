using System.Text.Json;

namespace Harness.Engines.Recorded;

/// <summary>
/// The logs of Tree of Thoughts (Yao et al. 2023, arXiv 2305.10601; github.com/princeton-nlp/tree-of-thought-llm): a list with an object a
/// problem. <c>idx</c> is its number, <c>ys</c> the texts of its samples, and <c>infos[i].r</c>, or <c>accs[i]</c>, is 1 where the i-th is
/// right.
/// </summary>
sealed class TreeOfThoughtsFormat : IRecordedFormat
{
    public string Name => "tree-of-thoughts";

    public string Summary => "a log of Tree of Thoughts: idx, ys, and infos or accs of each problem";

    public IReadOnlyList<RecordedSample> Read(RecordedFile file, RecordedFields fields, string pool, string? stated)
    {
        List<RecordedSample> samples = [];
        try
        {
            Utf8JsonReader reader = new(file.Bytes);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
                throw file.Bad("holds no JSON list of problems", 1);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                int line = 1 + file.Bytes.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n');
                using JsonDocument entry = JsonDocument.ParseValue(ref reader);
                samples.AddRange(SamplesOf(file, entry.RootElement, line));
            }
        }
        catch (JsonException bad)
        {
            throw file.Bad("not JSON", (int)(bad.LineNumber ?? 0) + 1, bad);
        }
        return samples;
    }

    static IEnumerable<RecordedSample> SamplesOf(RecordedFile file, JsonElement entry, int line)
    {
        if (entry.ValueKind != JsonValueKind.Object)
            throw file.Bad($"holds a JSON {entry.ValueKind} in place of a problem", line);
        if (!entry.TryGetProperty("idx", out JsonElement number) || number.ValueKind != JsonValueKind.Number
            || !number.TryGetInt32(out int problem) || problem < 0)
            throw file.Bad("a problem has no number 'idx'", line);
        JsonElement texts = List(file, entry, "ys", problem, line) ?? throw file.Bad($"problem {problem} has no list 'ys'", line);
        JsonElement? infos = List(file, entry, "infos", problem, line), accs = List(file, entry, "accs", problem, line);
        JsonElement verdicts = infos ?? accs ?? throw file.Bad($"problem {problem} has neither 'infos' nor 'accs'", line);
        if (verdicts.GetArrayLength() != texts.GetArrayLength())
            throw file.Bad($"problem {problem} has {texts.GetArrayLength()} texts and {verdicts.GetArrayLength()} verdicts", line);
        return texts.EnumerateArray().Zip(verdicts.EnumerateArray(), (text, verdict) => new RecordedSample
        {
            Line = line,
            Problem = problem,
            Text = text.ValueKind == JsonValueKind.String ? text.GetString()
                : throw file.Bad($"a text of problem {problem} is a JSON {text.ValueKind}", line),
            Correct = IsRight(file, infos is null ? verdict : Reward(file, verdict, problem, line), problem, line),
        });
    }

    static JsonElement? List(RecordedFile file, JsonElement entry, string name, int problem, int line) =>
        !entry.TryGetProperty(name, out JsonElement value) ? null
            : value.ValueKind == JsonValueKind.Array ? value : throw file.Bad($"'{name}' of problem {problem} is no list", line);

    static JsonElement Reward(RecordedFile file, JsonElement info, int problem, int line) =>
        info.ValueKind == JsonValueKind.Object && info.TryGetProperty("r", out JsonElement reward) ? reward
            : throw file.Bad($"an entry of 'infos' of problem {problem} has no 'r'", line);

    static bool IsRight(RecordedFile file, JsonElement verdict, int problem, int line) => verdict switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.Number } when verdict.GetDouble() is 0 or 1 => verdict.GetDouble() == 1,
        _ => throw file.Bad($"a verdict of problem {problem} is {verdict.GetRawText()}; expected 0, 1, true or false", line),
    };
}
