using Harness.Comparison;
using Harness.Records;

namespace Harness.Tests.Comparison;

[TestFixture]
sealed class ModelMoveTests
{
    static TrainingRow Row(string model, int step, double loss) => new()
    {
        Model = model,
        Step = step,
        Tokens = 100L * step,
        LossTokens = 50L * step,
        Sequences = 5L * step,
        SeenBefore = 0,
        Flops = 1000L * step,
        FlopsWithoutHead = 900L * step,
        Loss = loss,
        LearningRate = 0.001,
        GradientNorm = 1,
        ValidationLoss = null,
        Weights = "",
    };

    static readonly TrainingRow[] Before = [Row("a", 1, 4), Row("a", 10, 3), Row("b", 1, 4), Row("b", 10, 2)];

    [Test]
    public void Equal_rows_are_no_move() => Assert.That(ModelMove.Of(Before, [.. Before]), Is.Empty);

    [Test]
    public void The_first_step_that_differs_is_named_of_each_model()
    {
        IReadOnlyList<ModelMove> moves = ModelMove.Of(Before, [Before[0], Row("a", 10, 3.5), Row("b", 1, 4.5), Row("b", 10, 2)]);
        Assert.That(moves, Is.EqualTo(new[]
        {
            new ModelMove("a", "step 10: loss was '3', is '3.5'"), new ModelMove("b", "step 1: loss was '4', is '4.5'"),
        }));
    }

    [Test]
    public void Models_and_steps_of_one_side_are_named()
    {
        Assert.That(ModelMove.Of(Before, Before[..2]).Single(), Is.EqualTo(new ModelMove("b", "only in A")));
        Assert.That(ModelMove.Of(Before[..2], Before).Single(), Is.EqualTo(new ModelMove("b", "only in B")));
        Assert.That(ModelMove.Of(Before[..2], Before[..1]).Single().Difference, Is.EqualTo("step 10 has a row only in A"));
        Assert.That(ModelMove.Of(Before[..1], Before[..2]).Single().Difference, Is.EqualTo("1 more row in B"));
    }
}
