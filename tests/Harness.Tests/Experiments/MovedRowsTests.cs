using Harness.Experiments;
using Harness.Kernels.Numerics;
using Harness.Records;

namespace Harness.Tests.Experiments;

[TestFixture]
sealed class MovedRowsTests
{
    static readonly SampleRow Committed = new()
    {
        Pool = "p",
        Problem = 0,
        Sample = 0,
        Difficulty = 1,
        PromptTokens = 9,
        Tokens = 4,
        Finish = "stop",
        Answer = "7",
        Correct = 1,
        Logprob = -1.5,
        TokensHash = "aa",
    };

    static NumericsCheck Unchanged { get; } = new(26, null);

    static NumericsCheck Changed { get; } = new(26, new UnitDifference(NumericUnits.All[0], new UnitForm("avx2", _ => { }), "0123"));

    [Test]
    public void Nothing_is_said_where_nothing_moved()
    {
        MovedRows moved = new();
        moved.Add(Committed, Committed);
        Assert.That((moved.MayBeNumerics, moved.Summary(Unchanged)), Is.EqualTo((false, (string?)null)));
    }

    [Test]
    public void Answers_that_alone_moved_are_the_tasks_matter()
    {
        MovedRows moved = Moved(Committed with { Answer = "8", Correct = 0 });
        Assert.That(moved.MayBeNumerics, Is.False);
        Assert.That(moved.Summary(null), Does.StartWith("1 of 1 samples moved, 0 of them in their tokens, 1 in what they answer; ")
            .And.EndWith("raise TasksVersion and rebuild the results."));
    }

    [Test]
    public void Log_probabilities_that_alone_moved_may_be_the_arithmetics_matter() =>
        Assert.That(Moved(Committed with { Logprob = -1.25 }).MayBeNumerics);

    [Test]
    public void The_unit_that_changed_is_named_first() =>
        Assert.That(Moved(Committed with { TokensHash = "bb" }).Summary(Changed), Does.StartWith(
            "The arithmetic changed: 'random words' (avx2) is the smallest of 26 units whose bits are not version 1's: 0123, not ")
            .And.EndWith("raise NumericsVersion and rebuild the results; else mend that unit and verify again."));

    [Test]
    public void An_arithmetic_that_is_what_it_was_points_at_what_reads_the_model() =>
        Assert.That(Moved(Committed with { TokensHash = "bb" }).Summary(Unchanged), Does.StartWith(
            "The arithmetic is what it was: the 26 units give version 1's bits. So the cause lies outside of it. 1 of 1 samples moved")
            .And.EndWith("Prompts are as long as they were; `harness check` compares tokenizer, chat template and weights with another "
                + "program's."));

    [Test]
    public void Prompts_of_another_length_point_at_the_template_and_the_tokenizer() =>
        Assert.That(Moved(Committed with { TokensHash = "bb", PromptTokens = 10 }).Summary(Unchanged), Does.EndWith(
            "1 of them have a prompt of another length, so begin with the prompt's template, the chat template and the tokenizer "
            + "(`harness show --text` prints prompts)."));

    [Test]
    public void An_engine_without_units_is_to_be_mended_itself() =>
        Assert.That(
            Moved(Committed with { TokensHash = "bb" }).Summary(null),
            Does.StartWith("1 of 1 samples moved").And.EndWith("else mend the engine and verify again."));

    static MovedRows Moved(SampleRow now)
    {
        MovedRows moved = new();
        moved.Add(Committed, now);
        return moved;
    }
}
