using Harness.Commands;

namespace Harness.Tests.Commands;

/// <summary>The program's command line, run in this process. Tests that use it run one at a time: standard output is one for all.</summary>
static class CommandLine
{
    public static (int Status, string Output, string Error) Invoke(params string[] arguments)
    {
        TextWriter console = Console.Out;
        using StringWriter output = new(), error = new();
        Console.SetOut(output);
        try
        {
            int status = HarnessCommandLine.Invoke(arguments, error);
            return (status, output.ToString(), error.ToString());
        }
        finally
        {
            Console.SetOut(console);
        }
    }
}
