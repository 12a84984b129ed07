namespace Harness.Commands;

/// <summary>A sample as `harness show` prints it.</summary>
interface IShownSample
{
    /// <summary>For a person.</summary>
    void Print(TextWriter output, bool withTokens);

    /// <summary>One line of a JSONL file.</summary>
    object Line();

    /// <summary>The same with each token and its log-probability, where they are known.</summary>
    object Full();
}
