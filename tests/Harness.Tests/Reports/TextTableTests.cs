using Harness.Reports;

namespace Harness.Tests.Reports;

public sealed class TextTableTests
{
    [Test]
    public void Columns_are_as_wide_as_their_longest_cell_words_left_and_numbers_right()
    {
        TextTable table = new(TextTable.Left("work"), TextTable.Right("tokens/s"), TextTable.Left("unit"));
        table.Add("decode, 64 samples", "7", "tokens/s");
        table.Add("load", "1234567890", "");
        Assert.That(table.Lines(), Is.EqualTo(new[]
        {
            "work                  tokens/s  unit",
            "decode, 64 samples           7  tokens/s",
            "load                1234567890",
        }));
    }

    [Test]
    public void A_table_without_rows_is_its_header_and_one_without_titles_its_rows()
    {
        Assert.That(new TextTable(TextTable.Left("a"), TextTable.Right("b")).Lines(), Is.EqualTo(new[] { "a  b" }));
        TextTable untitled = new(TextTable.Left(""), TextTable.Left(""));
        untitled.Add("a", "b");
        Assert.That(untitled.Lines(), Is.EqualTo(new[] { "a  b" }));
    }

    [Test]
    public void Markdown_states_the_alignment_and_keeps_a_bar_inside_its_cell()
    {
        TextTable table = new(TextTable.Left("a"), TextTable.Right("b"));
        table.Add("x|y\nz", "1");
        Assert.That(table.MarkdownLines(), Is.EqualTo(new[] { "| a | b |", "|---|---:|", @"| x\|y z | 1 |" }));
    }

    [Test]
    public void A_row_of_another_length_is_refused() =>
        Assert.That(
            () => new TextTable(TextTable.Left("a")).Add("x", "y"),
            Throws.ArgumentException.With.Message.Contains("2 cells in a table of 1 columns"));
}
