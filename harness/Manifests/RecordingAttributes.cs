using Harness.Engines.Recorded;

namespace Harness.Manifests;

/// <summary>Attributes of a pool that is replayed from a file.</summary>
public static class RecordingAttributes
{
    const int MostProblems = 10_000_000;

    public static AttributeDefinition<PoolManifest, string?> Recorded { get; } = Stated(
        "Recorded", "recorded", "A file of samples that another program drew: the pool is replayed from it, and nothing is generated",
        "a path, looked for beside the manifest, then under the data folder", "none: the pool is generated",
        pool => pool.Recording?.Name);

    public static AttributeDefinition<PoolManifest, IRecordedFormat?> Format { get; } = new()
    {
        Name = "Format",
        Summary = "The form of the recorded file",
        Values = string.Join(", ", FormatNames),
        DefaultSays = "required where the pool is recorded",
        Key = KeyPart.Pools,
        KeyName = "format",
        IsLeftOut = pool => pool.Recording is null,
        Fallback = null,
        Read = values => values.Choice("Format", RecordedFormats.All, format => format.Name),
        Describe = pool => pool.Recording?.Format.Name,
    };

    public static AttributeDefinition<PoolManifest, string?> RecordedPool { get; } = Stated(
        "RecordedPool", "recorded_pool", "Which pool of a recorded samples.csv is replayed", "a pool's name",
        "the only pool of the file, else the one of the same name", pool => pool.Recording?.Pool);

    public static AttributeDefinition<PoolManifest, int> FirstProblem { get; } = AttributeKinds.Integer<PoolManifest>(
        "FirstProblem", "The number of the first problem that is replayed, as the recorded file and the task count",
        KeyPart.Pools, pool => pool.Recording?.FirstProblem ?? 0, 0, MostProblems, 0) with
    {
        KeyName = "first_problem",
        Role = PoolRole.Asks,
        IsLeftOut = pool => pool.Recording is null,
    };

    public static AttributeDefinition<PoolManifest, string?> ProblemField { get; } =
        Field("ProblemField", "problem_field", "the problem's number", "problem", fields => fields.Problem);

    public static AttributeDefinition<PoolManifest, string?> SampleField { get; } =
        Field("SampleField", "sample_field", "the sample's number within its problem", "sample, else samples are numbered as they come",
            fields => fields.Sample);

    public static AttributeDefinition<PoolManifest, string?> SampleAnswerField { get; } =
        Field("SampleAnswerField", "sample_answer_field", "the answer that a sample gives", "answer, where there is one",
            fields => fields.Answer);

    public static AttributeDefinition<PoolManifest, string?> CorrectField { get; } =
        Field("CorrectField", "correct_field", "whether it is right: 0, 1, true or false", "correct, else the task judges",
            fields => fields.Correct);

    public static AttributeDefinition<PoolManifest, string?> TextField { get; } =
        Field("TextField", "text_field", "the text, which the task judges again", "text, where there is one", fields => fields.Text);

    public static AttributeDefinition<PoolManifest, string?> TokensField { get; } =
        Field("TokensField", "tokens_field", "how many tokens were generated", "tokens, where there is one", fields => fields.Tokens);

    public static AttributeDefinition<PoolManifest, string?> LogprobField { get; } =
        Field("LogprobField", "logprob_field", "the sum of the tokens' natural log-probabilities", "logprob, where there is one",
            fields => fields.Logprob);

    /// <summary>Those that name a field of a csv or jsonl file.</summary>
    public static IReadOnlyList<AttributeDefinition<PoolManifest, string?>> Fields { get; } =
        [ProblemField, SampleField, SampleAnswerField, CorrectField, TextField, TokensField, LogprobField];

    /// <summary>In the order of the documentation.</summary>
    public static IReadOnlyList<AttributeDefinition<PoolManifest>> All { get; } =
        [Recorded, Format, RecordedPool, FirstProblem, .. Fields];

    static IEnumerable<string> FormatNames => RecordedFormats.All.Select(format => format.Name);

    static AttributeDefinition<PoolManifest, string?> Field(
        string name, string keyName, string holds, string usual, Func<RecordedFields, string?> of) => Stated(
            name, keyName, $"Of a recorded csv or jsonl file, the field that holds {holds}", "a field's name", usual,
            pool => pool.Recording is { } recording ? of(recording.Fields) : null);

    static AttributeDefinition<PoolManifest, string?> Stated(
        string name, string keyName, string summary, string values, string otherwise, Func<PoolManifest, string?> of) =>
        AttributeKinds.Text(name, summary, KeyPart.Pools, of, values, null, otherwise) with
        {
            KeyName = keyName,
            IsLeftOut = pool => of(pool) is null,
        };
}
