using Harness.Kernels.Sampling;
using Harness.Manifests;
using Harness.Records;
using Harness.Statistics;
using Harness.Tasks;
using Harness.Tasks.Prompts;

namespace Harness.Training;

/// <summary>
/// The loss of a model that knows all there is to know: the entropy of the solutions that a generated task draws, given their questions,
/// over the tokens that count.
/// </summary>
public static class DataEntropy
{
    /// <summary>Problems of each difficulty that are drawn where not all are known.</summary>
    public const int Problems = 1000;

    /// <summary>Of a text of some data.</summary>
    /// <param name="Nats">Mean entropy of an answer.</param>
    /// <param name="Variance">Of that mean; 0 where it is over all problems.</param>
    /// <param name="Tokens">Mean length of an answer.</param>
    /// <param name="Drawn">Problems behind it; 0: all.</param>
    readonly record struct Text(double Nats, double Variance, double Tokens, int Drawn);

    /// <summary>
    /// A row for each data of a task whose answers are all that is learnt, and where there are several of those and no other, one for all
    /// as the validation loss weighs them.
    /// </summary>
    /// <param name="validation">Of validation.csv, of this model.</param>
    /// <param name="seed">Of the problems that are drawn.</param>
    public static IReadOnlyList<EntropyRow> Of(TrainManifest train, IReadOnlyList<ValidationRow> validation, ulong seed)
    {
        if (train.Loss != LossPart.Answer || train.Judges is not null)
            return [];
        (DataManifest Data, Text Text)[] texts =
            [.. train.Data.Where(data => data.Task is not null).Select(data => (data, TextOf(data, seed)))];
        List<EntropyRow> rows = [.. texts.Select(each => Row(each.Data.Name, each.Text))];
        if (texts.Length == train.Data.Count && texts.Length > 1)
        {
            Dictionary<string, double> counted =
                validation.GroupBy(row => row.Data).ToDictionary(group => group.Key, group => (double)group.Last().LossTokens);
            rows.Add(Row(EntropyRow.AllData, Sum(texts.Select(each => (counted[each.Data.Name] / each.Text.Tokens, each.Text)))));
        }
        return rows;
    }

    static Text TextOf(DataManifest data, ulong seed) =>
        Sum(data.Difficulties.Select(difficulty => (1.0 / data.Difficulties.Count, TextOf(data, difficulty, seed))));

    static Text TextOf(DataManifest data, int difficulty, ulong seed)
    {
        ISolvedProblems problems = data.Task!.Solved!;
        ExampleText text = new(GeneratedWords.Vocabulary);
        PromptTemplate template = PromptTemplate.Load(data.Task.Name, data.Prompt, manifestFolder: null);
        double? all = problems.MeanEntropy(difficulty, data.Prompt);
        double[] nats = new double[Problems], tokens = new double[Problems];
        Parallel.For(0, Problems, number =>
        {
            ProblemRandom stream = new(seed, number, difficulty, RandomPurpose.EntropyProblem);
            SolvedProblem drawn = problems.Draw(stream, difficulty, ProblemSplit.All, data.Prompt);
            Example example = text.Pair(template.Fill(drawn.Question), drawn.Solution, drawn.Identity);
            tokens[number] = example.Tokens.Length - example.PromptTokens;
            nats[number] = all ?? problems.Entropy(drawn.Question, data.Prompt);
        });
        double mean = all ?? Mean.Of(nats), squares = nats.Sum(each => (each - mean) * (each - mean));
        return new Text(mean, all is null ? squares / (Problems - 1) / Problems : 0, Mean.Of(tokens), all is null ? Problems : 0);
    }

    /// <summary>Of texts that are drawn with these chances.</summary>
    static Text Sum(IEnumerable<(double Share, Text Text)> texts)
    {
        Text sum = default;
        foreach ((double share, Text text) in texts)
        {
            sum = new Text(
                sum.Nats + share * text.Nats, sum.Variance + share * share * text.Variance, sum.Tokens + share * text.Tokens,
                sum.Drawn + text.Drawn);
        }
        return sum;
    }

    static EntropyRow Row(string data, Text text) => new()
    {
        Data = data,
        Problems = text.Drawn,
        Tokens = SignificantDigits.Round(text.Tokens),
        Entropy = SignificantDigits.Round(text.Nats / text.Tokens),
        StandardError = SignificantDigits.Round(Math.Sqrt(text.Variance) / text.Tokens),
    };
}
