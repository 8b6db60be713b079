/** How a model works with manuals in code: for a system prompt. */
export const AGENT_PROMPT_TEMPLATE = `## Tools through code

You do not call tools one by one. You write one TypeScript program, which calls as many as the task needs and
returns only what matters. It runs in a sandbox; what you see of it is the returned value and the logs.

1. **Find.** Search the tools with a description of the task (search_tools). Do not guess names.
2. **Read.** Read the interface of each tool you will call. Within a program, \`__interfaces\` is the text of all
   interfaces, and \`__getToolInterface("manual.tool")\` that of one, or \`null\`.
3. **Run.** Send one program (call_tool_chain).

How programs look:

- Every tool is \`await manual.tool({ ...arguments })\`: the manual's name, a dot, the tool's name, one object.
  \`const issue = await github.get_issue({ owner: "a", repo: "b", number: 7 });\`
- Calls that do not need each other's results run together: \`await Promise.all([...])\`.
- End with \`return value\`. The value is JSON: return a summary, never thousands of rows.
- Filter, join, sort and count in the program. \`console.log\` shows what you want to see on the way.
- Nothing but the tools reaches the outside: there is no file system and no network.
- Each program starts afresh. Variables of an earlier one are gone.

When something goes wrong:

- A tool that fails throws. Catch it where you can go on without its result:
  \`try { ... } catch (error) { console.warn(String(error)); }\`
- The error of a program names the line in your own source, and what to do. Correct that, and send the whole
  program again.
- Values are as the interface says; check for \`null\` and for lists that are empty.
`;
