using System.Diagnostics;
using System.Globalization;
using System.Text;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Comparison.Sources;

/// <summary>The objects of a git repository, read one after another by a single process of git. For one thread at a time.</summary>
sealed class GitObjects : IDisposable
{
    readonly Process git;
    readonly BufferedStream output;

    /// <param name="root">A folder of the repository.</param>
    public GitObjects(string root)
    {
        git = Process.Start(new ProcessStartInfo("git", ["cat-file", "--batch"])
        {
            WorkingDirectory = root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        output = new BufferedStream(git.StandardOutput.BaseStream);
    }

    /// <summary>The bytes of a file as they were committed.</summary>
    /// <param name="hash">Of the object.</param>
    /// <exception cref="HarnessException"><see cref="Codes.ResultsCorrupt"/> where the repository lacks it.</exception>
    public byte[] Read(string hash)
    {
        git.StandardInput.Write(hash + "\n");
        git.StandardInput.Flush();
        string answer = ReadLine();
        if (answer.Split(' ') is not [_, "blob", string size])
            throw Codes.ResultsCorrupt.With($"git can't read object {hash}: '{answer}'");
        byte[] content = new byte[int.Parse(size, CultureInfo.InvariantCulture)];
        output.ReadExactly(content);
        output.ReadByte();
        return content;
    }

    public void Dispose()
    {
        git.StandardInput.Close();
        git.WaitForExit();
        output.Dispose();
        git.Dispose();
    }

    string ReadLine()
    {
        StringBuilder line = new();
        for (int next = output.ReadByte(); next >= 0 && next != '\n'; next = output.ReadByte())
            line.Append((char)next);
        return line.ToString();
    }
}
