using Harness.Diagnostics;
using Harness.Engines.Recorded;

namespace Harness.Manifests;

/// <summary>Reads what makes a pool a recorded one, and refuses what does not belong to it.</summary>
static class RecordingReader
{
    /// <summary>
    /// What only generating reads. A build writes some of them for every pool, so that one at its default may be nobody's own.
    /// </summary>
    static readonly AttributeDefinition<PoolManifest>[] OfGenerating =
    [
        PoolAttributes.Prompt, PoolAttributes.TopK, PoolAttributes.TopP, PoolAttributes.MinP, PoolAttributes.MaxTokens,
        PoolAttributes.StopStrings, PoolAttributes.Chat, PoolAttributes.Date,
    ];

    /// <summary>Null where the pool is generated.</summary>
    public static RecordingManifest? Read(AttributeReader pool)
    {
        string? file = pool.Read(RecordingAttributes.Recorded);
        if (file is null)
        {
            Refuse(pool, RecordingAttributes.All.Where(attribute => attribute != RecordingAttributes.Recorded),
                "belongs to a recorded pool: name its file with Recorded");
            return null;
        }
        Refuse(pool, OfGenerating, "says how samples are generated, and those of this pool are recorded: leave it out");
        IRecordedFormat format = pool.Read(
            () => RecordingAttributes.Format.Read(pool.Values) ?? throw pool.Values.Complaint(
                Codes.MissingValue, RecordingAttributes.Format.Name,
                $"the recorded pool has no Format; expected one of {RecordingAttributes.Format.Values}"),
            RecordedFormats.All[0]);
        if (!pool.IsWrong && !format.HasNamedFields)
            Refuse(pool, RecordingAttributes.Fields, $"names a field, and those of the format '{format.Name}' have their own names");
        if (!pool.IsWrong && !format.HasPools)
            Refuse(pool, [RecordingAttributes.RecordedPool], $"names a pool of the file, and one of format '{format.Name}' has only one");
        return new RecordingManifest
        {
            File = file,
            Format = format,
            Pool = pool.Read(RecordingAttributes.RecordedPool),
            FirstProblem = pool.Read(RecordingAttributes.FirstProblem),
            Fields = new RecordedFields
            {
                Problem = pool.Read(RecordingAttributes.ProblemField),
                Sample = pool.Read(RecordingAttributes.SampleField),
                Answer = pool.Read(RecordingAttributes.SampleAnswerField),
                Correct = pool.Read(RecordingAttributes.CorrectField),
                Text = pool.Read(RecordingAttributes.TextField),
                Tokens = pool.Read(RecordingAttributes.TokensField),
                Logprob = pool.Read(RecordingAttributes.LogprobField),
            },
        };
    }

    static void Refuse(AttributeReader pool, IEnumerable<AttributeDefinition<PoolManifest>> attributes, string why)
    {
        foreach (AttributeDefinition<PoolManifest> attribute in attributes)
        {
            if (pool.Values.Text(attribute.Name) is { } written && written != attribute.Default)
                pool.Read<bool>(() => throw pool.Values.Complaint(Codes.BadValue, attribute.Name, $"{attribute.Name} {why}"), false);
        }
    }
}
