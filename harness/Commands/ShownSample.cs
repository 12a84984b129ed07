using System.Globalization;
using Harness.Pools;
using Harness.Records;

namespace Harness.Commands;

/// <summary>How a sample is shown.</summary>
enum ShownAs
{
    /// <summary>Prompt, text, a line for each token, answer.</summary>
    Tokens,

    /// <summary>Prompt, text, answer.</summary>
    Text,

    /// <summary>One JSON value for all samples.</summary>
    Json,

    /// <summary>A line of JSON for each sample.</summary>
    JsonLines,
}

/// <summary>A sample that was generated again.</summary>
sealed class ShownSample(PlannedPool pool, LoggedGeneration sample) : IShownSample
{
    readonly SampleRow row = PoolGeneration.Row(pool, sample);

    PlannedPrompt Prompt => pool.Prompts[row.Problem];

    public void Print(TextWriter output, bool withTokens)
    {
        output.WriteLine(Prompt.Text);
        output.WriteLine($"--- pool {row.Pool}, problem {row.Problem}, sample {row.Sample} ---");
        output.WriteLine(sample.Text);
        if (withTokens)
            PrintTokens(output);
        string answer = row.Answer.Length == 0 ? "none" : row.Answer;
        string verdict = row.Correct == 1 ? "right" : $"wrong; right: {Prompt.Problem.Answer}";
        output.WriteLine(
            $"answer: {answer} ({verdict}), {row.Tokens} tokens, finish {row.Finish}, "
            + $"logprob {CsvFields.Write(row.Logprob)}, hash {row.TokensHash}");
    }

    public object Line() => new
    {
        row.Pool,
        row.Problem,
        row.Sample,
        Prompt = Prompt.Text,
        sample.Text,
        row.Answer,
        Gold = Prompt.Problem.Answer,
        Correct = row.Correct == 1,
        row.Finish,
        row.TokensHash,
    };

    public object Full() => new
    {
        row.Pool,
        row.Problem,
        row.Sample,
        Prompt = Prompt.Text,
        sample.Text,
        row.Answer,
        Gold = Prompt.Problem.Answer,
        Correct = row.Correct == 1,
        row.Finish,
        row.TokensHash,
        Tokens = sample.Generation.Tokens.Zip(
            sample.Generation.LogProbabilities, (id, logprob) => new { Id = id, Text = Visible(id), Logprob = logprob }),
    };

    void PrintTokens(TextWriter output)
    {
        output.WriteLine("--- tokens ---");
        foreach ((int index, int id) in sample.Generation.Tokens.Index())
            output.WriteLine($"{index,4}  {Probability(sample.Generation.LogProbabilities[index])}  {Visible(id)}");
    }

    static string Probability(float logprob) => Math.Exp(logprob).ToString("0.0000", CultureInfo.InvariantCulture);

    string Visible(int id) => pool.ModelText.Written(id).Replace("\n", "\\n", StringComparison.Ordinal);
}
