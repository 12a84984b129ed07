using System.CommandLine;
using Harness.Diagnostics;
using Harness.Statistics.Laws;

namespace Harness.Commands;

/// <summary>Options of `harness fit` that ask for the best split of one budget over training and sampling.</summary>
sealed class BudgetOptions
{
    readonly Option<double?> budget = new("--budget")
    {
        Description = "With train-to-test: split so many operations, 6 N D + 2 N k Q t, over parameters, tokens and samples.",
    };

    readonly Option<double?> queries = new("--queries") { Description = "Questions that the model will answer, Q, each with k samples." };
    readonly Option<double?> answerTokens = new("--answer-tokens") { Description = "Tokens that one sample generates, t." };

    public void AddTo(Command command)
    {
        command.Options.Add(budget);
        command.Options.Add(queries);
        command.Options.Add(answerTokens);
    }

    /// <summary>Null where none is asked for.</summary>
    public EndToEndBudget? Of(ParseResult parsed, IReadOnlyList<ILaw> laws)
    {
        double?[] given = [parsed.GetValue(budget), parsed.GetValue(queries), parsed.GetValue(answerTokens)];
        if (given.All(value => value is null))
            return null;
        if (!laws.Any(law => law is TrainToTestLaw))
            throw Codes.UsageError.With("--budget, --queries and --answer-tokens belong to --law train-to-test");
        if (given is not [{ } operations, { } questions, { } tokens] || given.Any(value => !(value > 0) || !double.IsFinite(value.Value)))
            throw Codes.UsageError.With("--budget, --queries and --answer-tokens go together, and are numbers above 0");
        EndToEndBudget asked = new(operations, questions, tokens);
        return operations > asked.OfEachSample
            ? asked
            : throw Codes.UsageError.With(FormattableString.Invariant(
                $"one sample of each query takes {asked.OfEachSample:G6} operations a parameter, more than --budget {operations:G6}"));
    }
}
