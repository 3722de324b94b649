using System.Globalization;
using System.Text;
using PSImageGen.Core.Tasks;

namespace PSImageGen.Core.Artifacts;

/// <summary>A record for people (<c>result.md</c>).</summary>
internal static class ResultSummary
{
    /// <summary>The Markdown text of a record.</summary>
    public static string Of(RunRecord record)
    {
        StringBuilder text = new();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        void Row(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                Line($"| {name} | {value.Replace("|", "\\|", StringComparison.Ordinal)} |");
        }

        Line($"# {record.Status}: {record.Provider} {record.Model}");
        Line($"");
        if (record.Prompt is not null)
        {
            foreach (string line in record.Prompt.Split('\n'))
                Line($"> {line.TrimEnd('\r')}");
            Line($"");
        }

        Line($"| | |");
        Line($"|---|---|");
        Row(Words.Of("Run"), record.RunId);
        Row(Words.Of("Batch"), record.BatchId);
        Row(Words.Of("Operation"), record.Operation.ToString());
        Row(Words.Of("Pictures"), Words.Of($"{record.Delivered} of {record.Requested}"));
        Row(Words.Of("Size"), record.Quote.Size ?? record.Quote.AspectRatio);
        Row(Words.Of("Estimated cost"), Amount(record.Quote));
        Row(Words.Of("Cost"), record.Cost?.ToString());
        Row(Words.Of("Recorded"), record.Timestamps.Created.ToString("u", CultureInfo.InvariantCulture));
        Row(Words.Of("Finished"), record.Timestamps.Finished?.ToString("u", CultureInfo.InvariantCulture));
        foreach (ImageAttempt attempt in record.Attempts().SkipLast(1))
            Row(Words.Of("Not made by"), $"{attempt.Provider} {attempt.Model}: {(attempt.Error is { } why ? $"{why.Message} {why.VendorMessage}".Trim() : attempt.Status)}");
        foreach (TaskRecord task in record.Tasks)
        {
            Row(Words.Of("Task"), $"{task.TaskId ?? Words.Of("(no id)")} {task.Status}{(task.VendorStatus is null ? string.Empty : $" ({task.VendorStatus})")}");
            Row(Words.Of("Asked for at"), task.Handle?.StatusUrl);
        }

        Line($"");

        foreach (ImageRecord image in record.Images)
        {
            string name = Path.GetFileName(image.Path);
            Line($"![{name}](../../../{Uri.EscapeDataString(name)})  ");
            Line($"{name}, {image.Width}x{image.Height} {image.Format}, sha256 {image.Sha256}");
            Line($"");
        }

        if (record.Error is { } error)
        {
            Line($"**{error.Id}**: {error.Message}");
            if (error.VendorMessage is not null)
                Line($"{Environment.NewLine}> {error.VendorMessage}");
            Line($"");
            Line($"{error.Recommendation}");
        }
        else if (!record.Status.IsSettled())
        {
            Line($"{Words.Of($"To go on: `Resume-AIImageTask -RunId {record.RunId}`")}");
        }

        return text.ToString();
    }

    private static string Amount(Quote quote) =>
        quote.IsFree ? Words.Of("free")
        : quote.Amount is not { } amount ? Words.Of("unknown")
        : quote.AmountMax is { } most && most != amount ? Words.Of($"{amount:0.####} to {most:0.####} {quote.Currency}")
        : string.Create(CultureInfo.InvariantCulture, $"{amount:0.####} {quote.Currency}");
}
