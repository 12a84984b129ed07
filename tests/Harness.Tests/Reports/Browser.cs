using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Harness.Reports;

namespace Harness.Tests.Reports;

/// <summary>
/// Opens files in Chromium without a window. A copy of a page carries a script that uses the page and leaves what it found as JSON in an
/// element, which is read from the document that the browser gives back.
/// </summary>
static partial class Browser
{
    const string Result = "what-a-script-found";

    static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    static string? Program { get; } = Names.SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    /// <summary>Ends a test where there is no browser.</summary>
    public static void Require()
    {
        if (Program is null)
            Assert.Ignore("none of chromium, chromium-browser and google-chrome is on the PATH");
    }

    /// <summary>What a script found in a page.</summary>
    /// <param name="page">A file.</param>
    /// <param name="script">Leaves its findings in the variable found; pageErrors are what went wrong so far.</param>
    /// <param name="fragment">Of the address, after #.</param>
    public static JsonElement Use(string page, string script, bool dark = false, string fragment = "")
    {
        string text = File.ReadAllText(page), copy = Path.ChangeExtension(page, ".probed.html");
        const string Listening = "const pageErrors = []; addEventListener('error', event => pageErrors.push(event.message));"
            + "console.error = (...said) => pageErrors.push(said.join(' '));";
        string leave = $"const left = document.createElement('pre'); left.id = '{Result}'; left.textContent = JSON.stringify(found);"
            + "document.body.append(left);";
        text = text.Replace("<head>", $"<head><script>{Listening}</script>", StringComparison.Ordinal);
        int end = text.LastIndexOf("</body>", StringComparison.Ordinal);
        text = text[..end] + $"<script type=\"module\">\n{script}\n{leave}\n</script>\n" + text[end..];
        File.WriteAllText(copy, text);
        return Found(Document(copy, dark, fragment));
    }

    /// <summary>The widths of a page's content in frames of other widths, in CSS pixels.</summary>
    public static int[] ContentWidths(string page, params int[] widths)
    {
        string copy = Path.ChangeExtension(page, ".framed.html");
        File.WriteAllText(copy, $$"""
            <!DOCTYPE html><html><head></head><body><script type="module">
            const text = {{ScriptData.Write(File.ReadAllText(page))}}, found = [];
            for (const width of {{ScriptData.Write(widths)}}) {
              const frame = document.createElement("iframe");
              Object.assign(frame.style, { width: width + "px", height: "900px", border: 0 });
              const loaded = new Promise(done => frame.onload = done);
              frame.srcdoc = text;
              document.body.append(frame);
              await loaded;
              found.push(frame.contentDocument.documentElement.scrollWidth);
            }
            const left = document.createElement('pre'); left.id = '{{Result}}'; left.textContent = JSON.stringify(found);
            document.body.append(left);
            </script></body></html>
            """);
        return [.. Found(Document(copy)).EnumerateArray().Select(width => width.GetInt32())];
    }

    static JsonElement Found(string document)
    {
        Match found = Left().Match(document);
        Assert.That(found.Success, document.Length > 3000 ? document[^3000..] : document);
        return JsonDocument.Parse(WebUtility.HtmlDecode(found.Groups[1].Value)).RootElement;
    }

    /// <summary>The document that a file has become, some seconds after it was opened.</summary>
    /// <param name="fragment">Of the address, after #.</param>
    public static string Document(string file, bool dark = false, string fragment = "")
    {
        string profile = Directory.CreateTempSubdirectory("harness-browser-").FullName;
        try
        {
            string address = new Uri(file).AbsoluteUri + (fragment.Length > 0 ? "#" + fragment : "");
            using Process browser = Process.Start(new ProcessStartInfo(Program!,
            [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", $"--user-data-dir={profile}",
                $"--blink-settings=preferredColorScheme={(dark ? 0 : 1)}", "--window-size=1200,900", "--virtual-time-budget=20000",
                "--dump-dom", address,
            ])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            Task<string> said = browser.StandardError.ReadToEndAsync();
            string document = browser.StandardOutput.ReadToEnd();
            browser.WaitForExit();
            return document.Length > 0 ? document : throw new InvalidOperationException(said.Result);
        }
        finally
        {
            Directory.Delete(profile, recursive: true);
        }
    }

    [GeneratedRegex($"<pre id=\"{Result}\">(.*?)</pre>", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Left();
}
