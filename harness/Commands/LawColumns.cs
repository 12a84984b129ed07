using Harness.Diagnostics;
using Harness.Records;
using Harness.Statistics.Laws;

namespace Harness.Commands;

/// <summary>The columns of a file that laws read.</summary>
sealed class LawColumns
{
    const string Tokens = "tokens", Parameters = "parameters", Flops = "flops";

    readonly NumberColumns table;
    readonly Dictionary<string, string> names = [];

    /// <param name="renamed">Pairs LAW'S=FILE'S of column names.</param>
    public LawColumns(NumberColumns table, IReadOnlyList<string> renamed, IReadOnlyList<ILaw> laws)
    {
        this.table = table;
        string[] known = [.. laws.SelectMany(law => law.Inputs.Append(law.Output)).Distinct()];
        if (known.Contains(Tokens))
            known = [.. known, Flops];
        foreach (string pair in renamed)
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? pair : pair[..equals];
            if (equals < 1 || equals == pair.Length - 1 || !known.Contains(name))
                throw Codes.UsageError.With($"--column {pair}: expected NAME=COLUMN, with NAME one of {string.Join(", ", known)}");
            names[name] = pair[(equals + 1)..];
        }
    }

    /// <summary>The law's points, and how a column was computed that the file lacks; null where none was.</summary>
    public (LawData Data, string? Note) Of(ILaw law)
    {
        string? note = law.Inputs.Contains(Tokens) && !table.Has(NameOf(Tokens)) && table.Has(NameOf(Flops))
            ? $"{Tokens} = {NameOf(Flops)} / (6 {NameOf(Parameters)})"
            : null;
        double[][] inputs =
            [.. law.Inputs.Select(input => input == Tokens && note is not null ? TokensOfFlops() : table.Of(NameOf(input)))];
        return (new LawData(inputs, table.Of(NameOf(law.Output))), note);
    }

    /// <summary>What the file calls a column of a law.</summary>
    public string NameOf(string column) => names.GetValueOrDefault(column, column);

    double[] TokensOfFlops() =>
        [.. table.Of(NameOf(Flops)).Zip(table.Of(NameOf(Parameters)), (operations, parameters) => operations / 6 / parameters)];
}
