using System.Text.Encodings.Web;
using System.Text.Unicode;
using Clearway.Signaling.Rooms;

namespace Clearway.Benchmarks;

/// <summary>A chat line made safe, beside the encoder alone: the limit.</summary>
internal static class ChatTextBenchmark
{
    private const string Line = "Shall we move the review to <Thursday> 14:00? Тогда успеем & everybody is \"there\".";

    internal static Contest Create()
    {
        var encoder = HtmlEncoder.Create(UnicodeRanges.All);
        return new Contest("chat sanitising", "near the encoder alone")
            .With("stripped, measured, encoded", operations =>
            {
                var sum = 0L;
                for (var i = 0; i < operations; i++)
                {
                    var text = ChatText.Strip(Line);
                    sum += ChatText.Refuse(text) is null ? ChatText.ToHtml(text).Length : 0;
                }

                return sum;
            })
            .With("HtmlEncoder (limit)", operations =>
            {
                var sum = 0L;
                for (var i = 0; i < operations; i++)
                {
                    sum += encoder.Encode(Line).Length;
                }

                return sum;
            });
    }
}
