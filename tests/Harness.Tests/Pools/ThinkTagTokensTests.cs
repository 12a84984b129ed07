using Harness.Kernels.Decoding;
using Harness.Pools;
using Harness.Records;
using Harness.Tests.Experiments.Fakes;

namespace Harness.Tests.Pools;

/// <summary>A pool of a model whose tags around thinking are special tokens.</summary>
[TestFixture]
sealed class ThinkTagTokensTests
{
    /// <summary>Thinks of a wrong number, then gives the right one.</summary>
    static Generation Thinking(Generation generation)
    {
        int[] thought = [CharacterText.OpensThinking, .. "# 99 ".Select(letter => (int)letter), CharacterText.ClosesThinking];
        return generation with
        {
            Tokens = [.. thought, .. generation.Tokens],
            LogProbabilities = [.. thought.Select(_ => 0f), .. generation.LogProbabilities],
        };
    }

    [Test]
    public void What_is_thought_is_not_its_answer()
    {
        using ScratchExperiment plain = new(), scratch = new();
        plain.Run(new ScriptedEngine());
        scratch.Run(new ScriptedEngine { Alter = Thinking });

        IReadOnlyList<SampleRow> rows = SampleTable.Csv.Read(scratch.Result("samples.csv"));

        Assert.That(rows.Select(row => row.Answer),
            Is.EqualTo(SampleTable.Csv.Read(plain.Result("samples.csv")).Select(row => row.Answer)));
        Assert.That(rows.Where(row => row.Pool == "greedy").Select(row => row.Correct), Is.All.EqualTo(1));
    }

    [Test]
    public void Kept_samples_are_read_from_their_tokens_and_not_from_a_text_that_lacks_the_tags()
    {
        using ScratchExperiment scratch = new();
        scratch.Run(new ScriptedEngine { Alter = Thinking });
        string samples = File.ReadAllText(scratch.Result("samples.csv"));
        foreach (string name in new[] { "sums", "greedy" })
            WriteAgain(scratch.Log(name));
        scratch.DeleteResults();

        ScriptedEngine engine = new();
        scratch.Run(engine);

        Assert.That(engine.Generators, Is.Zero, "no sample is generated again");
        Assert.That(File.ReadAllText(scratch.Result("samples.csv")), Is.EqualTo(samples));
    }

    /// <summary>The same log with texts as a version wrote them that left out the tags.</summary>
    static void WriteAgain(string path)
    {
        IReadOnlyList<LoggedGeneration> kept = GenerationLog.Read(path);
        Assert.That(kept.Select(sample => sample.Text), Is.All.StartsWith("<think># 99 </think>"));
        byte[] bytes = File.ReadAllBytes(path);
        string key = System.Text.Encoding.ASCII.GetString(bytes, "HRNGEN1\n".Length, 64);
        File.Delete(path);
        using GenerationLog log = GenerationLog.Open(path, key);
        log.Adopt(kept.Select(sample => sample with
        {
            Text = sample.Text.Replace("<think>", "", StringComparison.Ordinal).Replace("</think>", "", StringComparison.Ordinal),
        }));
    }
}
