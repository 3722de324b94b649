using PSImageGen.Core.Providers;
using PSImageGen.Core.Tests.Support;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Tests.Wire;

/// <summary>A vendor's own pace: how long it wants to be left alone after a "no", and between two questions.</summary>
public class PaceTests
{
    private static readonly VendorFailure Limited = new() { Id = ImageErrorId.RateLimited, Acceptance = Acceptance.NotAccepted, SendAgain = true };

    [Theory]
    [InlineData(60, null, 60)]
    [InlineData(null, 5, 5)]
    [InlineData(60, 90, 60)]
    public async Task What_the_translation_knows_of_the_wait_counts_more_than_the_headers(int? known, int? asked, int expected)
    {
        List<TimeSpan> waits = [];
        int sent = 0;

        Sending result = await new Resend(new FastClock(), TimeSpan.FromMilliseconds(1)).RunAsync(
            _ => ValueTask.FromResult(++sent == 1 ? new Sending(null, Limited with { RetryAfter = Seconds(known) }, Seconds(asked)) : new Sending(null, null)),
            DateTimeOffset.MaxValue, (_, wait) => waits.Add(wait), default);

        Assert.Null(result.Failure);
        Assert.Equal([TimeSpan.FromSeconds(expected)], waits);
    }

    [Fact]
    public async Task A_pause_that_would_go_beyond_the_end_is_not_begun()
    {
        FastClock clock = new();
        int sent = 0;

        Sending result = await new Resend(clock).RunAsync(_ => ValueTask.FromResult(new Sending(null, Limited with { Code = $"{++sent}", RetryAfter = Seconds(60) })), clock.GetUtcNow() + TimeSpan.FromSeconds(30), null, default);

        Assert.Equal("1", result.Failure!.Code);
    }

    [Theory]
    [InlineData(null, 2)]
    [InlineData(1, 2)]
    [InlineData(10, 10)]
    [InlineData(45, 45)]
    public void Nobody_is_asked_more_often_than_the_vendor_allows(int? interval, int expected)
    {
        PollSchedule schedule = new(TimeProvider.System, new Resend(TimeProvider.System, TimeSpan.FromMilliseconds(1)), Seconds(interval));

        Assert.Equal(TimeSpan.FromSeconds(expected), schedule.AfterAnswer());
        Assert.Equal(TimeSpan.FromSeconds(expected), schedule.AfterError(null));
        Assert.Equal(TimeSpan.FromSeconds(expected + 1), schedule.AfterAnswer(TimeSpan.FromSeconds(expected + 1)));
    }

    private static TimeSpan? Seconds(int? seconds) => seconds is { } s ? TimeSpan.FromSeconds(s) : null;
}
