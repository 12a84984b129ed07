using Harness.Diagnostics;
using Harness.Manifests;
using Harness.Records;
using Harness.Tasks;
using Harness.Tasks.Files;

namespace Harness.Training;

/// <summary>
/// A file's pairs of prompt and answer, or the windows of its text: each split once and for all by a hash of it, and passed over in an
/// order that is shuffled anew each time.
/// </summary>
sealed class FileExamples : IExampleSource
{
    readonly Dictionary<ProblemSplit, Example[]> splits;
    readonly ShuffledPasses passes;

    /// <param name="window">Tokens of a text that are learnt together, and the most of a pair beyond its first.</param>
    /// <param name="batch">Tokens of a batch.</param>
    /// <param name="seed">Of the order.</param>
    /// <param name="place">Of the data in the manifest, which has an order of its own.</param>
    public FileExamples(DataManifest data, DataFile file, ExampleText text, int window, int batch, ulong seed, int place)
    {
        passes = new ShuffledPasses(seed, place);
        ContentHash = file.Hash;
        IEnumerable<(Example Example, ProblemSplit Split)> all =
            data.PromptField.Length > 0 ? Pairs(data, file, text, Math.Min(window, batch - 1)) : Windows(file, text, window);
        splits = all.GroupBy(each => each.Split).ToDictionary(group => group.Key, group => group.Select(each => each.Example).ToArray());
        foreach (ProblemSplit split in new[] { ProblemSplit.Train, ProblemSplit.Validation })
        {
            if (!splits.ContainsKey(split))
                throw Codes.DataCorrupt.With($"is too small: none of its texts belongs to the split {split.ToString().ToLowerInvariant()}",
                    file.Path);
        }
    }

    public string ContentHash { get; }

    public Example Draw(ProblemRandom stream, long number, ProblemSplit split) =>
        splits[split][passes.Next(splits[split].Length, number, split)];

    static List<(Example, ProblemSplit)> Pairs(DataManifest data, DataFile file, ExampleText text, int most) =>
        JsonLines.Read(file.Bytes, file.Path, record =>
        {
            string prompt = record.Text(data.PromptField);
            Example pair = new SourcePlace(file.Path, record.Line, 1).Of(
                () => text.Pair(prompt, record.Text(data.AnswerField), prompt));
            if (pair.Tokens.Length - 1 > most)
                throw Codes.TrainingUnable.With($"its {pair.Tokens.Length} tokens are more than the model's context, or a batch, holds: "
                    + $"{most + 1}", file.Path, record.Line, 1);
            return (pair, ProblemSplits.Of(prompt));
        });

    static IEnumerable<(Example, ProblemSplit)> Windows(DataFile file, ExampleText text, int window)
    {
        int[] tokens = new SourcePlace(file.Path, 0, 0).Of(() => text.Encode(file.Text));
        for (int first = 0; first + 1 < tokens.Length; first += window)
        {
            int[] part = tokens[first..Math.Min(first + window, tokens.Length)];
            yield return (text.Part(part), ProblemSplits.Of(Hashes.OfTokens(part)));
        }
    }
}
