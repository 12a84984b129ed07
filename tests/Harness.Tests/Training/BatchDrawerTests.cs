using Harness.Kernels.Diagnostics;
using Harness.Kernels.Tokenizers;
using Harness.Kernels.Training;
using Harness.Manifests;
using Harness.Tasks;
using Harness.Training;

namespace Harness.Tests.Training;

[TestFixture]
sealed class BatchDrawerTests
{
    static readonly Tokenizer Words = GeneratedWords.Vocabulary.Tokenizer;

    static readonly TrainManifest Train = TrainingExperiments.Train(
        TrainingExperiments.Think, TrainingExperiments.Direct, TrainingExperiments.Tiny.Replace("\"1k\"", "\"20k\"").Replace("30k", "40k"));

    static BatchDrawer Drawer(TrainManifest train, bool validation = false) => new(train, TrainingExperiments.Data(train), validation);

    static IEnumerable<TrainingSequence> Sequences(DrawnBatch drawn) => drawn.Batch.Groups.SelectMany(group => group.Sequences);

    static string Written(TrainingSequence sequence) => Words.Decode(sequence.Tokens, keepSpecial: true);

    [Test]
    public void A_step_is_the_same_whatever_was_drawn_before()
    {
        BatchDrawer whole = Drawer(Train);
        whole.Draw(1);
        string[] after = [.. Sequences(whole.Draw(2)).Select(Written)], alone = [.. Sequences(Drawer(Train).Draw(2)).Select(Written)];
        Assert.That(alone, Is.EqualTo(after));
        Assert.That(Sequences(Drawer(Train).Draw(1)).Select(Written), Is.Not.EqualTo(alone));
        Assert.That(Sequences(Drawer(Train with { Seed = 8 }).Draw(2)).Select(Written), Is.Not.EqualTo(alone));
    }

    [Test]
    public void A_batch_is_as_full_as_it_can_be_and_its_groups_are_of_near_equal_length()
    {
        TrainingBatch batch = Drawer(Train).Draw(1).Batch;
        Assert.That(batch.PaddedTokens, Is.InRange(20_000 - 40, 20_000));
        Assert.That(batch.Tokens, Is.GreaterThan(batch.PaddedTokens * 0.85));
        Assert.That(batch.Groups.Select(group => group.PaddedLength), Is.Ordered.Ascending.And.Unique);
        Assert.That(batch.Groups.All(group => group.PaddedLength % 4 == 1), Is.True, "predictions end on whole units");
    }

    [Test]
    public void Sources_come_by_their_shares()
    {
        string[] texts = [.. Sequences(Drawer(Train).Draw(1)).Select(Written)];
        Assert.That(texts.Count(text => text.Contains("think")) / (double)texts.Length, Is.EqualTo(0.75).Within(0.05));
        Assert.That(texts.All(text => text.StartsWith("<|bos|> sum ") && text.EndsWith(" <|endoftext|>")), Is.True);
    }

    [Test]
    public void The_loss_counts_the_answer_and_its_end_or_all_but_the_first_token()
    {
        TrainingSequence answer = Sequences(Drawer(Train).Draw(1)).First(sequence => Written(sequence).Contains("direct"));
        int mark = Array.IndexOf(answer.Tokens, Words.Encode("direct").Single());
        Assert.That(answer.Weights.Take(mark + 1), Has.All.Zero);
        Assert.That(answer.Weights.Skip(mark + 1), Is.EqualTo(new[] { 1f, 1f, 1f }), "#, the number and the end");
        TrainingSequence all = Sequences(Drawer(Train with { Loss = LossPart.All }).Draw(1)).First();
        Assert.That(all.Weights[0], Is.Zero);
        Assert.That(all.Weights.Skip(1), Has.All.EqualTo(1));
    }

    [Test]
    public void Equal_problems_have_one_identity_and_validation_has_problems_of_its_own()
    {
        BatchDrawer drawer = Drawer(Train);
        Dictionary<ulong, string> learnt = [];
        for (int step = 1; step <= 2; step++)
        {
            DrawnBatch drawn = drawer.Draw(step);
            Assert.That(drawn.Identities, Has.Count.EqualTo(Sequences(drawn).Count()));
            foreach (ulong identity in drawn.Identities)
                learnt[identity] = "";
        }
        Assert.That(learnt, Has.Count.LessThan(2 * 20_000 / 10).And.Count.GreaterThan(500));
        DrawnBatch validation = Drawer(Train, validation: true).DrawOf(0, 5_000);
        Assert.That(validation.Identities.Where(learnt.ContainsKey), Is.Empty);
        Assert.That(Sequences(validation).Select(Written), Has.All.Contains("think"));
    }

    [Test]
    public void What_cannot_be_a_batch_is_refused_before_a_step()
    {
        HarnessException small = Assert.Throws<HarnessException>(() => Drawer(Train with { BatchTokens = 8 }).Draw(1))!;
        Assert.That(small.Diagnostic.Code, Is.EqualTo("HRN0021"));
        Assert.That(small.Message, Does.Contain("8 tokens of a batch hold no sequence"));
        TrainManifest narrow = Train with { Shape = Train.Shape with { ContextLength = 9 } };
        HarnessException longer = Assert.Throws<HarnessException>(() => Drawer(narrow).Draw(1))!;
        Assert.That(longer.Message, Does.Contain("longer than the context of model 'tiny', 9"));
    }
}
